#include "finview/pipeline/area.h"

#include "finview/base/error.h"
#include "finview/pipeline/relative_path.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace finview {

namespace fs = std::filesystem;

namespace {

constexpr std::array kNames{"images", "datasets", "outputs"};

[[noreturn]] void fail(const std::string& path) {
  const int error = errno;
  const ErrorKind kind = error == EEXIST || error == ENOTEMPTY ? ErrorKind::kConflict
                         : error == ENOENT || error == ENOTDIR || error == ELOOP || error == EISDIR
                             ? ErrorKind::kNotFound
                         : error == ENAMETOOLONG || error == EINVAL ? ErrorKind::kBadInput
                                                                    : ErrorKind::kUnavailable;
  const std::string shown = path.empty() ? "The area" : path;
  if (kind == ErrorKind::kNotFound) {
    throw Error(kind, fmt::format("{}: there is no such file or folder in this area.", shown));
  }
  if (kind == ErrorKind::kConflict) {
    throw Error(kind, fmt::format("{} is there already; choose another name.", shown));
  }
  throw Error(kind, fmt::format("{}: {}.", shown, std::strerror(error)));
}

std::string kind_of(const std::string& name, bool folder) {
  if (folder) return "folder";
  std::string extension = fs::path(name).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
    return std::tolower(c);
  });
  const auto is_one_of = [&](std::initializer_list<const char*> all) {
    return std::find(all.begin(), all.end(), extension) != all.end();
  };
  if (is_one_of({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".bmp"})) return "image";
  if (is_one_of({".zip", ".tar", ".gz", ".tgz", ".xz"})) return "archive";
  if (is_one_of({".csv", ".json"})) return "table";
  return "file";
}

/// Nothing for what is neither file nor folder.
bool describe(int folder, const std::string& name, AreaEntry& entry) {
  struct stat info = {};
  if (fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) return false;
  const bool is_folder = S_ISDIR(info.st_mode);
  if (!is_folder && !S_ISREG(info.st_mode)) return false;
  entry.name = name;
  entry.kind = kind_of(name, is_folder);
  entry.size_bytes = is_folder ? 0 : info.st_size;
  entry.modified = fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(info.st_mtime));
  return true;
}

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/// Removes everything below a folder that is open.
void remove_below(int folder) {
  const int copy = dup(folder);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(fdopendir(copy), closedir);
  if (!stream) return;
  while (const dirent* each = readdir(stream.get())) {
    const std::string name = each->d_name;
    if (name == "." || name == "..") continue;
    if (unlinkat(folder, name.c_str(), 0) == 0) continue;
    const Descriptor inner(openat(folder, name.c_str(), kFolder));
    if (inner) remove_below(inner.get());
    unlinkat(folder, name.c_str(), AT_REMOVEDIR);
  }
}

}  // namespace

Descriptor::~Descriptor() {
  if (value_ >= 0) close(value_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (value_ >= 0) close(value_);
  value_ = other.release();
  return *this;
}

int Descriptor::release() { return std::exchange(value_, -1); }

std::pair<std::string, std::string> split_path(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {"", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

Area::Area(const fs::path& project, const std::string& name) : project_(project), name_(name) {
  if (std::find(kNames.begin(), kNames.end(), name) == kNames.end()) {
    throw Error(ErrorKind::kNotFound, "There are the areas images, datasets and outputs.");
  }
}

Descriptor Area::open_folder(const std::string& path) const {
  const fs::path root = project_ / "areas" / name_;
  Descriptor folder(open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) fail("");
  if (path.empty()) return folder;
  for (const std::string& part : relative_parts(path)) {
    folder = Descriptor(openat(folder.get(), part.c_str(), kFolder));
    if (!folder) fail(path);
  }
  return folder;
}

Descriptor Area::make_folder(const std::string& path) const {
  Descriptor folder = open_folder("");
  if (path.empty()) return folder;
  for (const std::string& part : relative_parts(path)) {
    if (mkdirat(folder.get(), part.c_str(), 0755) != 0 && errno != EEXIST) fail(path);
    folder = Descriptor(openat(folder.get(), part.c_str(), kFolder));
    if (!folder && (errno == ENOTDIR || errno == ELOOP)) errno = EEXIST;
    if (!folder) fail(path);
  }
  return folder;
}

Descriptor Area::make_file(const std::string& path) const {
  relative_parts(path);
  const auto [above, name] = split_path(path);
  const Descriptor folder = make_folder(above);
  Descriptor file(openat(
      folder.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!file) fail(path);
  return file;
}

std::vector<AreaEntry> Area::list(const std::string& folder) const {
  const Descriptor opened = open_folder(folder);
  const int copy = dup(opened.get());
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(fdopendir(copy), closedir);
  if (!stream) fail(folder);
  std::vector<AreaEntry> entries;
  while (const dirent* each = readdir(stream.get())) {
    AreaEntry entry;
    if (each->d_name[0] == '.' || !describe(opened.get(), each->d_name, entry)) continue;
    entry.path = folder.empty() ? entry.name : folder + "/" + entry.name;
    entries.push_back(std::move(entry));
  }
  return entries;
}

AreaEntry Area::entry(const std::string& path) const {
  relative_parts(path);
  const auto [above, name] = split_path(path);
  AreaEntry entry;
  errno = ENOENT;
  if (!describe(open_folder(above).get(), name, entry)) fail(path);
  entry.path = path;
  return entry;
}

Descriptor Area::open_file(const std::string& path) const {
  if (entry(path).kind == "folder") {
    errno = EISDIR;
    fail(path);
  }
  const auto [above, name] = split_path(path);
  // Not to wait for the other end, should it be a pipe by now.
  Descriptor file(openat(
      open_folder(above).get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info = {};
  if (!file || fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) fail(path);
  return file;
}

void Area::move(const std::string& path, const Area& to_area, const std::string& to) const {
  entry(path);
  relative_parts(to);
  if (name_ == to_area.name_ && (to == path || to.starts_with(path + "/"))) {
    throw Error(ErrorKind::kBadInput, fmt::format("{} cannot be moved into itself.", path));
  }
  const auto [from_folder, from_name] = split_path(path);
  const auto [to_folder, to_name] = split_path(to);
  const Descriptor from = open_folder(from_folder);
  const Descriptor target = to_area.make_folder(to_folder);
  if (renameat2(from.get(), from_name.c_str(), target.get(), to_name.c_str(), RENAME_NOREPLACE)) {
    fail(to);
  }
}

void Area::take(const fs::path& file, const std::string& to) const {
  relative_parts(to);
  const auto [folder, name] = split_path(to);
  const Descriptor target = make_folder(folder);
  if (renameat2(AT_FDCWD, file.c_str(), target.get(), name.c_str(), RENAME_NOREPLACE) != 0) {
    fail(to);
  }
}

void Area::remove(const std::string& path) const {
  const bool is_folder = entry(path).kind == "folder";
  const auto [above, name] = split_path(path);
  const Descriptor folder = open_folder(above);
  if (is_folder) {
    const Descriptor inner(openat(folder.get(), name.c_str(), kFolder));
    if (inner) remove_below(inner.get());
  }
  if (unlinkat(folder.get(), name.c_str(), is_folder ? AT_REMOVEDIR : 0) != 0) fail(path);
}

}  // namespace finview
