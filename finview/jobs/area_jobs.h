#pragma once

#include "finview/jobs/job_kinds.h"
#include "finview/pipeline/project.h"

namespace finview {

/// copy, archive, extract, sort: work on files of the project's areas, named "area/path". The
/// project must outlive the kinds.
void add_area_jobs(JobKinds& kinds, Project& project);

}  // namespace finview
