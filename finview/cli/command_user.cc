#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/project_option.h"
#include "finview/pipeline/project.h"
#include "finview/server/access.h"

#include <iostream>

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

namespace finview {
namespace {

/// A line of standard input, not shown on a terminal.
std::string read_password() {
  const bool terminal = isatty(STDIN_FILENO) == 1;
  termios before = {};
  if (terminal) {
    fmt::print(stderr, "Password: ");
    tcgetattr(STDIN_FILENO, &before);
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &silent);
  }
  std::string password;
  std::getline(std::cin, password);
  if (terminal) {
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
    fmt::print(stderr, "\n");
  }
  return password;
}

std::string one_name(const std::vector<std::string>& names, const std::string& command) {
  if (names.size() == 1) return names[0];
  throw Error(ErrorKind::kBadOptions,
              fmt::format("{0} wants one NAME. finview {0} --help explains it.", command));
}

}  // namespace

int run_user_add(std::span<const std::string> arguments) {
  std::vector<std::string> names;
  ProjectOption where;
  std::string role = "viewer";
  CommandLine command("user add",
                      "Lets a person use the project over the network. The password is read from\n"
                      "the terminal, or from a line of standard input.",
                      "finview user add Ana --role admin --project hauraki");
  command.positionals("NAME", names, "As it stands beside decisions");
  command.field("role",
                role,
                "What the person may do: each may also do what those before may",
                {"viewer", "editor", "reviewer", "admin"});
  where.visit(command);
  if (!command.parse(arguments)) return 0;
  UserRecord user;
  user.name = one_name(names, "user add");
  user.role = role_named(role);
  Project project(where.project);
  Users& users = project.catalogue().users;
  if (users.list().empty() && user.role != Role::kAdmin) {
    throw Error(ErrorKind::kBadOptions, "The first user must be an admin: add --role admin.");
  }
  user.password_hash = hash_password(read_password());
  users.add(user);
  fmt::print("{} is {} now.\n", user.name, role);
  return 0;
}

int run_user_list(std::span<const std::string> arguments) {
  ProjectOption where;
  CommandLine command("user list",
                      "Lists who may use the project over the network.",
                      "finview user list --project hauraki");
  where.visit(command);
  if (!command.parse(arguments)) return 0;
  const Project project(where.project);
  for (const UserRecord& user : project.catalogue().users.list()) {
    fmt::print("{}\t{}\t{}\n", user.name, to_string(user.role), user.created);
  }
  return 0;
}

int run_user_remove(std::span<const std::string> arguments) {
  std::vector<std::string> names;
  ProjectOption where;
  CommandLine command("user remove",
                      "Takes a person's access away; what the person decided stays.",
                      "finview user remove Ana --project hauraki");
  command.positionals("NAME", names, "Who");
  where.visit(command);
  if (!command.parse(arguments)) return 0;
  const std::string name = one_name(names, "user remove");
  Project project(where.project);
  const auto user = project.catalogue().users.find(name);
  if (!user) throw Error(ErrorKind::kNotFound, fmt::format("There is no user {}.", name));
  project.catalogue().users.remove(user->id);
  fmt::print("{} is removed.\n", user->name);
  return 0;
}

}  // namespace finview
