#include "finview/base/error.h"
#include "finview/pipeline/area_work.h"
#include "finview/pipeline/relative_path.h"

#include <cerrno>
#include <clocale>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace finview {

namespace {

constexpr std::int64_t kMaxMembers = 1'000'000;
constexpr std::int64_t kMaxRatio = 200;  ///< unpacked bytes per packed byte, judged above 64 MB
constexpr std::int64_t kAlwaysAllowedBytes = 64'000'000;

struct Closer {
  void operator()(archive* handle) const { archive_free(handle); }
};
using Archive = std::unique_ptr<archive, Closer>;
struct EntryCloser {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

/// Names of members are UTF-8, whatever the user's locale is. For this thread.
class Utf8Names {
 public:
  Utf8Names() : utf8_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), before_(uselocale(utf8_)) {}
  ~Utf8Names() {
    uselocale(before_);
    if (utf8_) freelocale(utf8_);
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;

 private:
  locale_t utf8_;
  locale_t before_;
};

[[noreturn]] void fail(archive* handle, ErrorKind kind, const std::string& name) {
  const char* said = archive_error_string(handle);
  throw Error(kind, fmt::format("{}: {}.", name, said ? said : "it cannot be read or written"));
}

void each_file(const Area& area,
               const std::string& path,
               const std::function<void(const AreaEntry&)>& f) {
  const AreaEntry entry = area.entry(path);
  f(entry);
  if (entry.kind != "folder") return;
  for (const AreaEntry& inner : area.list(path)) each_file(area, inner.path, f);
}

void add_member(archive* handle,
                const Area& area,
                const AreaEntry& entry,
                const std::string& name) {
  const std::unique_ptr<archive_entry, EntryCloser> header(archive_entry_new());
  const bool folder = entry.kind == "folder";
  archive_entry_set_pathname_utf8(header.get(), name.c_str());
  archive_entry_set_filetype(header.get(), folder ? AE_IFDIR : AE_IFREG);
  archive_entry_set_perm(header.get(), folder ? 0755 : 0644);
  if (folder) {
    if (archive_write_header(handle, header.get()) < ARCHIVE_WARN) {
      fail(handle, ErrorKind::kUnavailable, name);
    }
    return;
  }
  const Descriptor file = area.open_file(entry.path);
  struct stat info = {};
  fstat(file.get(), &info);
  archive_entry_set_size(header.get(), info.st_size);
  archive_entry_set_mtime(header.get(), info.st_mtime, 0);
  if (archive_write_header(handle, header.get()) < ARCHIVE_WARN) {
    fail(handle, ErrorKind::kUnavailable, name);
  }
  std::vector<char> buffer(1 << 18);
  while (true) {
    const ssize_t size = read(file.get(), buffer.data(), buffer.size());
    if (size <= 0) return;
    if (archive_write_data(handle, buffer.data(), static_cast<std::size_t>(size)) < 0) {
      fail(handle, ErrorKind::kUnavailable, name);
    }
  }
}

/// The member's path, checked. Throws Error{kBadInput}.
std::string member_path(archive_entry* entry) {
  const char* name = archive_entry_pathname_utf8(entry);
  if (!name) name = archive_entry_pathname(entry);
  std::string path = name ? name : "";
  while (path.ends_with('/')) path.pop_back();
  if (path.starts_with("./")) path = path.substr(2);
  relative_parts(path);
  return path;
}

/// Counts what is unpacked against what was packed.
struct Bounds {
  std::int64_t packed_bytes = 0;
  std::int64_t bytes = 0;
  std::int64_t members = 0;

  void check(const std::string& name) const {
    const bool bomb = bytes > kAlwaysAllowedBytes && bytes > kMaxRatio * packed_bytes;
    if (!bomb && members <= kMaxMembers) return;
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} unpacks to more than {} times its size, or to more than {} files: "
                            "it is not taken.",
                            name,
                            kMaxRatio,
                            kMaxMembers));
  }
};

void write_member(archive* handle, int file, const std::string& name, Bounds& bounds) {
  std::vector<char> buffer(1 << 18);
  while (true) {
    const la_ssize_t size = archive_read_data(handle, buffer.data(), buffer.size());
    if (size < 0) fail(handle, ErrorKind::kBadInput, name);
    if (size == 0) return;
    bounds.bytes += size;
    bounds.check(name);
    for (la_ssize_t done = 0; done < size;) {
      const ssize_t written = write(file, buffer.data() + done, static_cast<size_t>(size - done));
      if (written < 0) {
        throw Error(ErrorKind::kUnavailable,
                    fmt::format("{} cannot be written: {}.", name, std::strerror(errno)));
      }
      done += written;
    }
  }
}

void check_is_new(const Area& area, const std::string& path) {
  try {
    area.entry(path);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kNotFound) throw;
    return;
  }
  throw Error(ErrorKind::kConflict, fmt::format("{} is there already; choose another name.", path));
}

/// Runs `work`; what it made goes if it fails or is cancelled.
template <class Work>
void whole_or_not(const Area& area,
                  const std::string& path,
                  const CancelToken& cancel,
                  const Work& work) {
  const auto clean_up = [&] {
    try {
      area.remove(path);
    } catch (const Error&) {  // nothing was made
    }
  };
  check_is_new(area, path);
  try {
    work();
  } catch (...) {
    clean_up();
    throw;
  }
  if (cancel.cancelled()) clean_up();
}

}  // namespace

std::int64_t archive_in_area(const Area& from,
                             const std::vector<std::string>& paths,
                             const Area& to_area,
                             const std::string& to,
                             const std::string& format,
                             Progress& progress,
                             const CancelToken& cancel) {
  const Utf8Names utf8_names;
  std::vector<std::pair<AreaEntry, std::string>> members;  // with the name in the archive
  for (const std::string& path : paths) {
    const std::size_t start =
        split_path(path).first.empty() ? 0 : split_path(path).first.size() + 1;
    each_file(from, path, [&](const AreaEntry& entry) {
      members.emplace_back(entry, entry.path.substr(start));
    });
  }
  std::int64_t done = 0;
  whole_or_not(to_area, to, cancel, [&] {
    const Archive handle(archive_write_new());
    if (format == "zip") {
      archive_write_set_format_zip(handle.get());
      archive_write_set_options(handle.get(), "hdrcharset=UTF-8");
    } else {
      archive_write_set_format_pax_restricted(handle.get());
      archive_write_add_filter_gzip(handle.get());
    }
    const Descriptor file = to_area.make_file(to);
    if (archive_write_open_fd(handle.get(), file.get()) != ARCHIVE_OK) {
      fail(handle.get(), ErrorKind::kUnavailable, to);
    }
    for (const auto& [entry, name] : members) {
      if (cancel.cancelled()) break;
      add_member(handle.get(), from, entry, name);
      progress.update("Packing", ++done, static_cast<std::int64_t>(members.size()));
    }
    if (archive_write_close(handle.get()) != ARCHIVE_OK) {
      fail(handle.get(), ErrorKind::kUnavailable, to);
    }
  });
  return done;
}

std::int64_t extract_in_area(const Area& from,
                             const std::string& path,
                             const Area& to_area,
                             const std::string& to,
                             Progress& progress,
                             const CancelToken& cancel) {
  const Utf8Names utf8_names;
  const Descriptor file = from.open_file(path);
  Bounds bounds;
  bounds.packed_bytes = from.entry(path).size_bytes;
  std::int64_t done = 0;
  whole_or_not(to_area, to, cancel, [&] {
    const Archive handle(archive_read_new());
    archive_read_support_filter_all(handle.get());
    archive_read_support_format_zip(handle.get());
    archive_read_support_format_tar(handle.get());
    if (archive_read_open_fd(handle.get(), file.get(), 1 << 18) != ARCHIVE_OK) {
      fail(handle.get(), ErrorKind::kBadInput, path);
    }
    to_area.make_folder(to);
    archive_entry* entry = nullptr;
    for (int status = ARCHIVE_OK; !cancel.cancelled();) {
      status = archive_read_next_header(handle.get(), &entry);
      if (status == ARCHIVE_EOF) break;
      if (status < ARCHIVE_WARN) fail(handle.get(), ErrorKind::kBadInput, path);
      ++bounds.members;
      bounds.check(path);
      std::string name = "member " + std::to_string(bounds.members);
      try {
        name = member_path(entry);
        const bool folder = archive_entry_filetype(entry) == AE_IFDIR;
        if (folder) {
          to_area.make_folder(to + "/" + name);
        } else if (archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry)) {
          const Descriptor target = to_area.make_file(to + "/" + name);
          write_member(handle.get(), target.get(), path, bounds);
          ++done;
        } else {
          progress.item_failed(name, "It is a link or a device, which are not unpacked.");
        }
      } catch (const Error& error) {
        const bool whole = error.kind() == ErrorKind::kUnavailable ||
                           std::string_view(error.what()).starts_with(path + ":") ||
                           std::string_view(error.what()).starts_with(path + " unpacks");
        if (whole) throw;
        progress.item_failed(name, error.what());
      }
      progress.update("Unpacking", done, 0);
    }
  });
  return done;
}

}  // namespace finview
