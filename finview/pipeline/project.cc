#include "finview/pipeline/project.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;
constexpr const char* kFile = "project.json";

nlohmann::json read_settings(const fs::path& folder) {
  const fs::path file = folder / kFile;
  if (!fs::exists(file)) {
    throw Error(ErrorKind::kNotFound,
                fmt::format("{} is no FinView project (it has no {}); make one with `finview "
                            "project init {}`.",
                            folder.string(),
                            kFile,
                            folder.string()));
  }
  const auto settings = nlohmann::json::parse(read_text_file(file), nullptr, false);
  const bool whole = settings.is_object() && settings.value("format", 0) > 0 &&
                     settings.contains("name") && settings["name"].is_string() &&
                     settings.contains("database") && settings["database"].is_string();
  if (!whole) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} is damaged: it must be a JSON object with format, name and "
                            "database.",
                            file.string()));
  }
  if (settings["format"] > kFormat) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} has format {}; this FinView knows formats up to {}. Use a newer "
                            "FinView.",
                            file.string(),
                            settings["format"].get<int>(),
                            kFormat));
  }
  return settings;
}

std::string database_address(const fs::path& folder, const std::string& database) {
  return database.starts_with("postgresql://") ? database : (folder / database).string();
}

}  // namespace

void Project::init(const fs::path& folder, const ProjectOptions& options) {
  if (fs::exists(folder) && (!fs::is_directory(folder) || !fs::is_empty(folder))) {
    throw Error(ErrorKind::kConflict,
                fmt::format("{} is not an empty folder; choose another place for the project.",
                            folder.string()));
  }
  std::string name = options.name;
  if (name.empty()) name = fs::weakly_canonical(folder).filename().string();
  fs::create_directories(folder);
  for (const char* part : {"areas/images", "areas/datasets", "areas/outputs"}) {
    fs::create_directories(folder / part);
  }
  { const Catalogue made(database_address(folder, options.database)); }
  // Last, so that a project is whole or not there.
  const nlohmann::ordered_json settings{
      {"format", kFormat}, {"name", name}, {"database", options.database}};
  write_file(folder / kFile, settings.dump(2) + "\n");
}

Project::Project(const fs::path& folder) : folder_(folder) {
  const nlohmann::json settings = read_settings(folder);
  name_ = settings["name"];
  catalogue_ = std::make_unique<Catalogue>(database_address(folder, settings["database"]));
}

std::string Project::name() const {
  const std::lock_guard lock(name_mutex_);
  return name_;
}

void Project::rename(const std::string& name) {
  const std::lock_guard lock(name_mutex_);
  nlohmann::ordered_json settings = read_settings(folder_);
  settings["name"] = name;
  write_file(folder_ / kFile, settings.dump(2) + "\n");
  name_ = name;
}

fs::path Project::photo_path(const std::string& sha256) const {
  return folder_ / "files" / sha256.substr(0, 2) / sha256;
}

void Project::keep(const std::string& sha256, std::span<const std::uint8_t> bytes) {
  const fs::path path = photo_path(sha256);
  if (fs::exists(path) && sha256_hex(read_file(path)) == sha256) return;
  write_file(path, bytes);
}

PhotoFile Project::read(const PhotoRecord& photo) const {
  const fs::path path = photo_path(photo.sha256);
  if (!fs::exists(path)) {
    throw Error(ErrorKind::kNotFound,
                fmt::format("The file of {} is gone ({}); import the photo again, or restore a "
                            "backup.",
                            photo.name,
                            path.string()));
  }
  PhotoFile file{photo.name, read_file(path)};
  if (sha256_hex(file.bytes) != photo.sha256) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("The file of {} was changed on the disk ({}); import the photo again, "
                            "or restore a backup.",
                            photo.name,
                            path.string()));
  }
  return file;
}

}  // namespace finview
