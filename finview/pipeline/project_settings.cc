#include "finview/pipeline/project_settings.h"

namespace finview {

namespace {

constexpr const char* kSecondReviewer = "second_reviewer";

}  // namespace

ProjectSettings read_settings(const Project& project) {
  ProjectSettings settings;
  settings.second_reviewer = project.catalogue().database.setting(kSecondReviewer) == "1";
  return settings;
}

void write_settings(Project& project, const ProjectSettings& settings) {
  project.catalogue().database.set_setting(kSecondReviewer, settings.second_reviewer ? "1" : "0");
}

}  // namespace finview
