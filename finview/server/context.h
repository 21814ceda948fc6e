#pragma once

#include "finview/jobs/job_kinds.h"
#include "finview/jobs/queue.h"
#include "finview/jobs/workers.h"
#include "finview/pipeline/networks.h"
#include "finview/pipeline/project.h"

#include <filesystem>
#include <string>

namespace finview {

class Access;
class Events;
class Metrics;
class PictureMatcher;
class Uploads;

/// What the routes work on. All of it may be used by any number of threads and outlives them.
struct ServerContext {
  Project& project;
  Queue& queue;
  const JobKinds& kinds;
  Workers& workers;
  Uploads& uploads;
  Access& access;
  Events& events;
  Metrics& metrics;
  SharedNetworks& networks;
  PictureMatcher& matcher;
  std::string version;
};

}  // namespace finview
