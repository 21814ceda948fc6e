#include "finview/jobs/worker_locks.h"

#include "finview/base/error.h"

#include <cerrno>
#include <cstring>
#include <random>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace finview::internal {

namespace fs = std::filesystem;

WorkerLocks::~WorkerLocks() {
  for (const auto& [name, descriptor] : own_) {
    std::error_code ignored;
    fs::remove(folder_ / name, ignored);
    close(descriptor);
  }
}

std::string WorkerLocks::make(const std::string& role) {
  std::error_code fault;
  fs::create_directories(folder_, fault);
  std::random_device random;
  const std::string name = fmt::format("{}-{}-{:08x}", role, getpid(), random());
  const fs::path file = folder_ / name;
  const int descriptor = open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    if (descriptor >= 0) close(descriptor);
    throw Error(ErrorKind::kUnavailable,
                fmt::format("{} cannot be made and locked: {}.", file.string(), strerror(error)));
  }
  const std::lock_guard lock(mutex_);
  own_[name] = descriptor;
  return name;
}

bool WorkerLocks::is_alive(const std::string& name) const {
  {
    const std::lock_guard lock(mutex_);
    if (own_.count(name) > 0) return true;
  }
  const int descriptor = open((folder_ / name).c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool locked = flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close(descriptor);
  return locked;
}

void WorkerLocks::forget(const std::string& name) {
  std::error_code ignored;
  fs::remove(folder_ / name, ignored);
}

}  // namespace finview::internal
