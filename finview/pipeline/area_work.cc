#include "finview/pipeline/area_work.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/pipeline/relative_path.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace finview {

namespace {

constexpr int kMaxDepth = 60;

/// Removes what was made unless it became whole.
class Result {
 public:
  Result(const Area& area, const std::string& path) : area_(area), path_(path) {
    try {
      area.entry(path);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kNotFound) throw;
      return;
    }
    path_.clear();  // somebody else's
    throw Error(ErrorKind::kConflict,
                fmt::format("{} is there already; choose another name.", path));
  }
  ~Result() {
    if (whole_ || path_.empty()) return;
    try {
      area_.remove(path_);
    } catch (const Error&) {  // nothing was made
    }
  }
  void keep(const CancelToken& cancel) { whole_ = !cancel.cancelled(); }

 private:
  const Area& area_;
  std::string path_;
  bool whole_ = false;
};

/// Calls `f` with every file of a file or folder, and its path below that.
void each_file(const Area& area,
               const std::string& path,
               const std::string& below,
               const std::function<void(const std::string&, const std::string&)>& f,
               int depth = 0) {
  if (area.entry(path).kind != "folder") return f(path, below);
  if (depth > kMaxDepth) {
    throw Error(ErrorKind::kBadInput, fmt::format("{} is nested too deep.", path));
  }
  for (const AreaEntry& entry : area.list(path)) {
    each_file(
        area, entry.path, below.empty() ? entry.name : below + "/" + entry.name, f, depth + 1);
  }
}

void copy_bytes(int from, int to, const std::string& name) {
  std::vector<char> buffer(1 << 18);
  while (true) {
    const ssize_t size = read(from, buffer.data(), buffer.size());
    if (size == 0) return;
    for (ssize_t done = 0; size > 0 && done < size;) {
      const ssize_t written = write(to, buffer.data() + done, static_cast<size_t>(size - done));
      if (written < 0) {
        throw Error(ErrorKind::kUnavailable,
                    fmt::format("{} cannot be written: {}.", name, std::strerror(errno)));
      }
      done += written;
    }
    if (size < 0) {
      throw Error(ErrorKind::kUnavailable,
                  fmt::format("{} cannot be read: {}.", name, std::strerror(errno)));
    }
  }
}

void copy_file(const Area& from,
               const std::string& path,
               const Area& to_area,
               const std::string& to) {
  const Descriptor source = from.open_file(path);
  const Descriptor target = to_area.make_file(to);
  copy_bytes(source.get(), target.get(), to);
}

/// A folder's name out of any text.
std::string as_folder_name(std::string text) {
  for (char& c : text) {
    if (c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20) c = '_';
  }
  if (text.empty() || text == "." || text == "..") return "_";
  return text.substr(0, 200);
}

std::string numbered(const std::string& name, int number) {
  if (number == 1) return name;
  const std::filesystem::path path(name);
  return fmt::format("{} ({}){}", path.stem().string(), number, path.extension().string());
}

}  // namespace

std::int64_t copy_in_area(const Area& from,
                          const std::string& path,
                          const Area& to_area,
                          const std::string& to,
                          Progress& progress,
                          const CancelToken& cancel) {
  if (from.name() == to_area.name() && to.starts_with(path + "/")) {
    throw Error(ErrorKind::kBadInput, fmt::format("{} cannot be copied into itself.", path));
  }
  Result result(to_area, to);
  std::int64_t total = 0;
  each_file(from, path, "", [&](const auto&, const auto&) { ++total; });
  if (from.entry(path).kind == "folder") to_area.make_folder(to);
  std::int64_t done = 0;
  each_file(from, path, "", [&](const std::string& file, const std::string& below) {
    if (cancel.cancelled()) return;
    copy_file(from, file, to_area, below.empty() ? to : to + "/" + below);
    progress.update("Copying", ++done, total);
  });
  result.keep(cancel);
  return done;
}

std::int64_t sort_in_area(const Area& area,
                          const Area& images,
                          const std::string& path,
                          const std::string& by,
                          const Area& to_area,
                          const std::string& to,
                          Progress& progress,
                          const CancelToken& cancel) {
  const Descriptor file = area.open_file(path);
  std::string text;
  std::array<char, 65536> buffer{};
  for (ssize_t size = 1; size > 0;) {
    size = read(file.get(), buffer.data(), buffer.size());
    if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
    if (text.size() > 200'000'000) {
      throw Error(ErrorKind::kBadInput, fmt::format("{} has more than 200 MB.", path));
    }
  }
  const CsvTable table = parse_csv(text, path);
  const bool has_file =
      std::find(table.header.begin(), table.header.end(), "file") != table.header.end();
  const std::size_t name_column = table.column(has_file ? "file" : "photo");
  const std::size_t by_column = table.column(by);
  Result result(to_area, to);
  to_area.make_folder(to);
  std::map<std::string, int> used;
  std::int64_t done = 0;
  std::int64_t copied = 0;
  for (const auto& row : table.rows) {
    if (cancel.cancelled()) break;
    const std::string& name = row[name_column];
    try {
      const std::string folder = to + "/" + as_folder_name(row[by_column]);
      const std::string last = split_path(name).second;
      const std::string target = folder + "/" + numbered(last, ++used[folder + "/" + last]);
      const AreaEntry unused = images.entry(name);
      copy_file(images, unused.path, to_area, target);
      ++copied;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kUnavailable) throw;
      progress.item_failed(name, error.what());
    }
    progress.update("Sorting", ++done, static_cast<std::int64_t>(table.rows.size()));
  }
  result.keep(cancel);
  return copied;
}

}  // namespace finview
