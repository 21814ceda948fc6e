#include "tests/support/postgres_server.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace finview::test {

namespace {

namespace fs = std::filesystem;

fs::path programs() {
  fs::path newest;
  std::error_code none;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none)) {
    if (fs::exists(version.path() / "bin/initdb"))
      newest = std::max(newest, version.path() / "bin");
  }
  if (newest.empty()) {
    throw std::runtime_error("no PostgreSQL server is installed: scripts/setup --test");
  }
  return newest;
}

// The child's user: postgres if this is root.
void leave_root() {
  if (geteuid() != 0) return;
  const passwd* user = getpwnam("postgres");
  if (!user || setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 ||
      setuid(user->pw_uid) != 0) {
    _exit(126);
  }
}

pid_t start(const std::vector<std::string>& command, const fs::path& folder) {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process for " + command[0]);
  if (child > 0) return child;
  leave_root();
  prctl(PR_SET_PDEATHSIG, SIGQUIT);  // it ends with the tests, however they end
  if (getppid() != parent || chdir(folder.c_str()) != 0) _exit(126);
  const int log = open((folder / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

int run(const std::vector<std::string>& command, const fs::path& folder) {
  int status = -1;
  waitpid(start(command, folder), &status, 0);
  return status;
}

}  // namespace

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

PostgresServer::PostgresServer() {
  const fs::path bin = programs();
  const std::string folder = folder_.path().string();
  if (geteuid() == 0) {
    const passwd* user = getpwnam("postgres");
    if (!user || chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0) {
      throw std::runtime_error("there is no user postgres to run the server");
    }
  }
  const std::string data = folder + "/data";
  if (run({bin / "initdb",
           "-D",
           data,
           "-U",
           "finview",
           "-A",
           "trust",
           "-E",
           "UTF8",
           "--locale=C",
           "--no-sync",
           "--no-instructions"},
          folder_.path()) != 0) {
    throw std::runtime_error("initdb failed; see " + folder + "/log");
  }
  process_ = start({bin / "postgres",
                    "-D",
                    data,
                    "-k",
                    folder,
                    "-c",
                    "listen_addresses=",
                    "-c",
                    "fsync=off",
                    "-c",
                    "full_page_writes=off"},
                   folder_.path());
  for (int attempt = 0; attempt < 600; ++attempt) {
    if (run({bin / "pg_isready", "-q", "-h", folder}, folder_.path()) == 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  throw std::runtime_error("the PostgreSQL server does not answer; see " + folder + "/log");
}

PostgresServer::~PostgresServer() {
  if (process_ <= 0) return;
  kill(process_, SIGQUIT);
  waitpid(process_, nullptr, 0);
}

std::string PostgresServer::new_database() {
  const std::string name = "test" + std::to_string(++num_databases_);
  const std::string folder = folder_.path().string();
  if (run({programs() / "createdb", "-h", folder, "-U", "finview", name}, folder_.path()) != 0) {
    throw std::runtime_error("no database could be made; see " + folder + "/log");
  }
  std::string host;
  for (const char c : folder) host += c == '/' ? std::string("%2F") : std::string(1, c);
  return "postgresql://finview@" + host + "/" + name;
}

}  // namespace finview::test
