#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/area.h"
#include "finview/pipeline/relative_path.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <random>

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {

namespace fs = std::filesystem;
using nlohmann::json;

// trash/AREA/ID holds `entry.json`, which says where it stood, and `item`, the file or folder. The
// former is written first: an item is never without its place.

namespace {

constexpr const char* kEntry = "entry.json";
constexpr const char* kItem = "item";

bool is_id(const std::string& id) {
  const auto is_good = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == 'T' || c == '-';
  };
  return !id.empty() && id.size() <= 40 && std::all_of(id.begin(), id.end(), is_good);
}

}  // namespace

fs::path Area::trash_folder(const std::string& id) const {
  const fs::path folder = project_ / "trash" / name_ / id;
  if (!is_id(id) || !fs::exists(folder / kItem)) {
    throw Error(ErrorKind::kNotFound, "There is nothing in this trash with that id.");
  }
  return folder;
}

std::vector<TrashEntry> Area::trash() const {
  std::vector<TrashEntry> all;
  const fs::path folder = project_ / "trash" / name_;
  std::error_code ignored;
  for (const auto& each : fs::directory_iterator(folder, ignored)) {
    const std::string id = each.path().filename().string();
    if (!is_id(id) || !fs::exists(each.path() / kItem)) continue;
    const json kept = json::parse(read_text_file(each.path() / kEntry), nullptr, false);
    if (!kept.is_object()) continue;
    AreaEntry entry;
    entry.path = kept.value("path", "");
    entry.name = split_path(entry.path).second;
    entry.kind = kept.value("kind", "file");
    entry.size_bytes = kept.value("size_bytes", std::int64_t{0});
    all.push_back({id, std::move(entry), kept.value("trashed", "")});
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id > b.id; });
  return all;
}

TrashEntry Area::throw_away(const std::string& path) const {
  TrashEntry thrown;
  thrown.entry = entry(path);
  const std::time_t now = std::time(nullptr);
  std::random_device random;
  thrown.id = fmt::format("{:%Y%m%dT%H%M%S}-{:08x}", fmt::gmtime(now), random());
  thrown.trashed = fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(now));
  const fs::path folder = project_ / "trash" / name_ / thrown.id;
  const json kept{{"path", path},
                  {"kind", thrown.entry.kind},
                  {"size_bytes", thrown.entry.size_bytes},
                  {"trashed", thrown.trashed}};
  write_file(folder / kEntry, kept.dump());
  const auto [above, name] = split_path(path);
  const Descriptor from = open_folder(above);
  if (renameat(from.get(), name.c_str(), AT_FDCWD, (folder / kItem).c_str()) != 0) {
    const int error = errno;
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    throw Error(ErrorKind::kUnavailable,
                fmt::format("{} cannot be thrown away: {}.", path, std::strerror(error)));
  }
  return thrown;
}

void Area::restore(const std::string& id) const {
  const fs::path folder = trash_folder(id);
  const json kept = json::parse(read_text_file(folder / kEntry));
  take(folder / kItem, kept.at("path").get<std::string>());
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

void Area::purge(const std::string& id) const {
  std::error_code fault;
  fs::remove_all(trash_folder(id), fault);
  if (fault) {
    throw Error(ErrorKind::kUnavailable, fmt::format("It cannot be removed: {}.", fault.message()));
  }
}

}  // namespace finview
