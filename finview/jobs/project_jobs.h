#pragma once

#include "finview/jobs/job_kinds.h"
#include "finview/pipeline/project.h"
#include "finview/pipeline/uploads.h"

namespace finview {

/// The use cases of a project as kinds of jobs: import, find, identify, map, export, and those of
/// add_area_jobs. Networks are loaded once, when the first job needs them. The arguments must
/// outlive the result.
JobKinds project_job_kinds(Project& project, Uploads& uploads);

}  // namespace finview
