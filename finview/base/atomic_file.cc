#include "finview/base/atomic_file.h"

#include "finview/base/error.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <regex>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

namespace finview {

AtomicFile::AtomicFile(const std::filesystem::path& path) : path_(path), temporary_(path) {
  static std::atomic<std::uint64_t> counter{0};
  std::error_code ignored;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  temporary_ += fmt::format(".{}-{}.part", ::getpid(), counter++);
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor_ < 0) fail("created");
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail("written");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void AtomicFile::write(std::string_view text) {
  write(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void AtomicFile::commit() {
  const int descriptor = descriptor_;
  descriptor_ = -1;
  if (::close(descriptor) != 0) fail("written");
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("renamed into place");
  temporary_.clear();
}

void AtomicFile::fail(const char* action) const {
  throw Error(ErrorKind::kUnavailable,
              fmt::format("{} cannot be {}: {}.", path_.string(), action, std::strerror(errno)));
}

namespace {

/// The program that writes "photo.jpg.123-0.part", or 0 for other names.
pid_t writer_of(const std::string& name) {
  static const std::regex pattern(R"(.*\.(\d{1,9})-\d+\.part)");
  std::smatch match;
  return std::regex_match(name, match, pattern) ? std::stoi(match[1]) : 0;
}

}  // namespace

std::size_t remove_unfinished(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder)) return 0;
  std::vector<std::filesystem::path> unfinished;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const pid_t writer = writer_of(entry.path().filename().string());
    if (writer > 0 && ::kill(writer, 0) != 0 && errno == ESRCH) unfinished.push_back(entry.path());
  }
  for (const auto& path : unfinished) std::filesystem::remove(path);
  return unfinished.size();
}

}  // namespace finview
