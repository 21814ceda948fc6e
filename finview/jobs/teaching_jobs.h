#pragma once

#include "finview/jobs/job_kinds.h"
#include "finview/pipeline/project.h"

namespace finview {

/// Adds "train" and "train-detector": networks of a project's own. The project must outlive the
/// kinds.
void add_teaching_jobs(JobKinds& kinds, Project& project);

}  // namespace finview
