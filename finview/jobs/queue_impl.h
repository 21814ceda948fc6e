#pragma once

#include "finview/jobs/queue.h"
#include "finview/jobs/queue_database.h"
#include "finview/jobs/worker_locks.h"

namespace finview {

struct Queue::Impl {
  explicit Impl(const std::filesystem::path& file)
      : database(file), locks(file.string() + "-workers") {}
  internal::QueueDatabase database;
  internal::WorkerLocks locks;
};

namespace internal {

struct Outcome {
  std::string reason;
  std::string result = "{}";
};

/// Changes a job's state; nobody holds it then. Counts its failures anew.
void set_state(soci::session& sql, JobId id, JobState state, const Outcome& outcome = {});
/// What somebody asked for while it runs.
JobWish asked(soci::session& sql, JobId id);

}  // namespace internal

}  // namespace finview
