#pragma once

#include "finview/jobs/job_kinds.h"
#include "finview/jobs/queue.h"

#include <memory>

namespace finview {

struct WorkersOptions {
  int num_light_threads = 2;  ///< for jobs that are not heavy; heavy ones are done one at a time
  std::int64_t history_days = 90;  ///< jobs that ended longer ago are forgotten
};

/// Threads that do the jobs of a queue until this object is gone; then running jobs stop at their
/// next item and wait for the next start.
class Workers {
 public:
  /// Takes back the jobs of dead workers. Throws Error{kUnavailable} if the queue holds unfinished
  /// jobs of a kind that is not among `kinds`. Both arguments must outlive this.
  Workers(Queue& queue, const JobKinds& kinds, const WorkersOptions& options = {});
  ~Workers();

  /// A job was added: looks now instead of within half a second.
  void wake();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
