#include "finview/pipeline/project_settings.h"

#include <algorithm>

namespace finview {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSecondReviewer = "second_reviewer";
constexpr const char* kLookNetwork = "look_network";

}  // namespace

ProjectSettings read_settings(const Project& project) {
  ProjectSettings settings;
  const Database& database = project.catalogue().database;
  settings.second_reviewer = database.setting(kSecondReviewer) == "1";
  const fs::path folder = project.folder() / "models";
  if (fs::is_directory(folder)) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".fvm") {
        settings.look_networks.push_back(entry.path().filename().string());
      }
    }
    std::sort(settings.look_networks.begin() + 1, settings.look_networks.end());
  }
  // One whose file is gone would stop all work.
  const std::string chosen = database.setting(kLookNetwork);
  const auto& there = settings.look_networks;
  if (std::find(there.begin(), there.end(), chosen) != there.end()) settings.look_network = chosen;
  return settings;
}

void write_settings(Project& project, const ProjectSettings& settings) {
  Database& database = project.catalogue().database;
  database.set_setting(kSecondReviewer, settings.second_reviewer ? "1" : "0");
  database.set_setting(kLookNetwork, settings.look_network);
}

fs::path taught_network(const Project& project, const std::string& file_name) {
  return project.folder() / "models" / file_name;
}

ModelOptions project_models(const Project& project, ModelOptions asked) {
  const std::string chosen = read_settings(project).look_network;
  if (asked.embedder.empty() && chosen != ProjectSettings().look_network) {
    asked.embedder = taught_network(project, chosen).string();
  }
  return asked;
}

}  // namespace finview
