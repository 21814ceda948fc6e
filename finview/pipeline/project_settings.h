#pragma once

#include "finview/base/options.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/project.h"

#include <string>
#include <vector>

namespace finview {

/// What a project's people agreed on; kept in its catalogue.
struct ProjectSettings {
  bool second_reviewer = false;
  std::string look_network = "shipped";
  std::vector<std::string> look_networks = {"shipped"};  ///< what there is to choose from

  std::string detector = "shipped";
  std::vector<std::string> detectors = {"shipped"};

  void visit(OptionVisitor& visitor) {
    visitor.field(
        "second-reviewer", second_reviewer, "A fin is confirmed only when two persons say so");
    visitor.field("look-network",
                  look_network,
                  "The network that compares whole fins: the one FinView ships, or one taught in "
                  "this project. After a change every fin is signed and identified anew",
                  look_networks);
    visitor.field("detector",
                  detector,
                  "The network that finds fins: the one FinView ships, or one taught in this "
                  "project. It searches the photos that come from then on",
                  detectors);
  }
};

ProjectSettings read_settings(const Project& project);
void write_settings(Project& project, const ProjectSettings& settings);

/// Where the project keeps networks of its own.
std::filesystem::path taught_network(const Project& project, const std::string& file_name);

/// `name` without extension.
DetectorFiles taught_detector(const Project& project, const std::string& name);

/// Throws Error{kBadOptions} for what is no name of a file, Error{kConflict} if the project has a
/// network `name` with this extension.
void check_new_network(const Project& project,
                       const std::string& name,
                       const std::string& extension);

/// The networks asked for, and where none is, those that the project's settings name.
ModelOptions project_models(const Project& project, ModelOptions asked);

}  // namespace finview
