#pragma once

#include "finview/base/options.h"
#include "finview/pipeline/project.h"

namespace finview {

/// What a project's people agreed on; kept in its catalogue.
struct ProjectSettings {
  bool second_reviewer = false;

  void visit(OptionVisitor& visitor) {
    visitor.field(
        "second-reviewer", second_reviewer, "A fin is confirmed only when two persons say so");
  }
};

ProjectSettings read_settings(const Project& project);
void write_settings(Project& project, const ProjectSettings& settings);

}  // namespace finview
