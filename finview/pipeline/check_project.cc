#include "finview/pipeline/check_project.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace finview {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kPhotosAtOnce = 1000;

/// Name and size of every photo by the hash of its bytes, the trash included.
std::map<std::string, PhotoRecord> photos_by_hash(const Catalogue& catalogue) {
  std::map<std::string, PhotoRecord> photos;
  for (const bool trashed : {false, true}) {
    PhotoFilter filter;
    filter.trashed = trashed;
    filter.limit = kPhotosAtOnce;
    for (;; filter.offset += kPhotosAtOnce) {
      const Page<PhotoRecord> page = catalogue.photos.list(filter);
      for (const PhotoRecord& photo : page.rows) photos.emplace(photo.sha256, photo);
      if (filter.offset + kPhotosAtOnce >= page.total) break;
    }
  }
  return photos;
}

void check_photo_files(const Project& project,
                       const std::map<std::string, PhotoRecord>& photos,
                       bool deep,
                       ProjectFaults& faults,
                       Progress& progress) {
  std::int64_t done = 0;
  for (const auto& [sha256, photo] : photos) {
    try {
      const fs::path path = project.photo_path(sha256);
      std::error_code ignored;
      const auto size = fs::file_size(path, ignored);
      const bool other_size = !ignored && static_cast<std::int64_t>(size) != photo.size_bytes;
      if (deep || ignored || other_size) project.read(photo);
    } catch (const Error& error) {
      faults.open.emplace_back(error.what());
    }
    progress.update("Checking files", ++done, static_cast<std::int64_t>(photos.size()));
  }
  progress.finish();
}

/// Files that nobody needs: of photos without a row, or pieces of an unfinished write.
void check_waste(const Project& project,
                 const std::map<std::string, PhotoRecord>& photos,
                 bool repair,
                 ProjectFaults& faults) {
  const fs::path folder = project.folder() / "files";
  if (!fs::exists(folder)) return;
  std::vector<fs::path> waste;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_directory()) continue;
    const std::string name = entry.path().filename().string();
    const bool needed = photos.contains(name) && project.photo_path(name) == entry.path();
    if (!needed) waste.push_back(entry.path());
  }
  std::sort(waste.begin(), waste.end());
  for (const fs::path& path : waste) {
    if (repair) fs::remove(path);
    (repair ? faults.repaired : faults.open)
        .push_back(
            fmt::format("{} belongs to no photo{}.", path.string(), repair ? "; removed" : ""));
  }
}

void copy_new_files(const fs::path& from, const fs::path& to) {
  if (!fs::exists(from)) return;
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    // Unfinished writes are not of the project yet.
    if (entry.is_directory() || entry.path().extension() == ".part") continue;
    const fs::path target = to / entry.path().lexically_relative(from);
    std::error_code ignored;
    if (fs::file_size(target, ignored) == entry.file_size() && !ignored) continue;
    write_file(target, std::span<const std::uint8_t>(read_file(entry.path())));
  }
}

}  // namespace

ProjectFaults check_project(Project& project, bool deep, bool repair, Progress& progress) {
  ProjectFaults faults;
  Catalogue& catalogue = project.catalogue();
  if (repair) faults.repaired = catalogue.database.repair();
  faults.open = catalogue.database.check();
  const std::map<std::string, PhotoRecord> photos = photos_by_hash(catalogue);
  check_photo_files(project, photos, deep, faults, progress);
  check_waste(project, photos, repair, faults);
  return faults;
}

void back_up_project(const Project& project, const fs::path& backup) {
  const fs::path settings = "project.json";
  if (fs::exists(backup) && !fs::is_empty(backup) && !fs::exists(backup / settings)) {
    throw Error(ErrorKind::kConflict,
                fmt::format("{} holds something else than a backup; choose another place.",
                            backup.string()));
  }
  fs::create_directories(backup);
  // The catalogue first: photos that come later are then missing in it, not the other way round.
  project.catalogue().database.back_up(backup / "catalogue.db");
  for (const char* part : {"files", "areas", "models"}) {
    copy_new_files(project.folder() / part, backup / part);
  }
  write_file(backup / settings, read_text_file(project.folder() / settings));
}

void restore_project(const fs::path& backup, const fs::path& folder) {
  if (!fs::exists(backup / "project.json") || !fs::exists(backup / "catalogue.db")) {
    throw Error(ErrorKind::kNotFound,
                fmt::format("{} is no backup of a project (it has no project.json or no "
                            "catalogue.db).",
                            backup.string()));
  }
  if (fs::exists(folder) && (!fs::is_directory(folder) || !fs::is_empty(folder))) {
    throw Error(ErrorKind::kConflict,
                fmt::format("{} is not an empty folder; choose another place for the project.",
                            folder.string()));
  }
  for (const char* part : {"files", "areas", "models"})
    copy_new_files(backup / part, folder / part);
  for (const char* file : {"catalogue.db", "project.json"}) {
    write_file(folder / file, std::span<const std::uint8_t>(read_file(backup / file)));
  }
}

}  // namespace finview
