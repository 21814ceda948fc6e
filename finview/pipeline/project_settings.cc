#include "finview/pipeline/project_settings.h"

#include "finview/base/error.h"

#include <algorithm>

#include <fmt/format.h>

namespace finview {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSecondReviewer = "second_reviewer";
constexpr const char* kLookNetwork = "look_network";
constexpr const char* kDetector = "detector";

// Adds the project's own networks to `names`, and reads which of them is chosen.
void choose(const Project& project,
            const char* extension,
            const char* setting,
            std::string& chosen,
            std::vector<std::string>& names) {
  const fs::path folder = project.folder() / "models";
  if (fs::is_directory(folder)) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      const fs::path& file = entry.path();
      if (file.extension() == extension) names.push_back(file.filename().string());
    }
    std::sort(names.begin() + 1, names.end());
  }
  // One whose file is gone would stop all work.
  const std::string before = project.catalogue().database.setting(setting);
  if (std::find(names.begin(), names.end(), before) != names.end()) chosen = before;
}

}  // namespace

ProjectSettings read_settings(const Project& project) {
  ProjectSettings settings;
  settings.second_reviewer = project.catalogue().database.setting(kSecondReviewer) == "1";
  choose(project, ".fvm", kLookNetwork, settings.look_network, settings.look_networks);
  choose(project, ".weights", kDetector, settings.detector, settings.detectors);
  return settings;
}

void write_settings(Project& project, const ProjectSettings& settings) {
  Database& database = project.catalogue().database;
  database.set_setting(kSecondReviewer, settings.second_reviewer ? "1" : "0");
  database.set_setting(kLookNetwork, settings.look_network);
  database.set_setting(kDetector, settings.detector);
}

fs::path taught_network(const Project& project, const std::string& file_name) {
  return project.folder() / "models" / file_name;
}

DetectorFiles taught_detector(const Project& project, const std::string& name) {
  return {taught_network(project, name + ".cfg"), taught_network(project, name + ".weights")};
}

void check_new_network(const Project& project,
                       const std::string& name,
                       const std::string& extension) {
  if (name.empty() || name.find('/') != std::string::npos) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("--name \"{}\" is no name of a file; give one without '/'.", name));
  }
  if (fs::exists(taught_network(project, name + extension))) {
    throw Error(
        ErrorKind::kConflict,
        fmt::format("The project has a network {}{}; give another --name.", name, extension));
  }
}

ModelOptions project_models(const Project& project, ModelOptions asked) {
  const ProjectSettings settings = read_settings(project);
  if (asked.embedder.empty() && settings.look_network != ProjectSettings().look_network) {
    asked.embedder = taught_network(project, settings.look_network).string();
  }
  const bool asked_for_none = asked.detector_cfg.empty() && asked.detector_weights.empty();
  if (asked_for_none && settings.detector != ProjectSettings().detector) {
    const DetectorFiles files =
        taught_detector(project, fs::path(settings.detector).stem().string());
    asked.detector_cfg = files.cfg.string();
    asked.detector_weights = files.weights.string();
  }
  return asked;
}

}  // namespace finview
