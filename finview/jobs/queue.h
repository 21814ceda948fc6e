#pragma once

#include "finview/jobs/job.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace finview {

/// Which jobs, newest first.
struct JobFilter {
  std::vector<JobState> states;  ///< empty = all
  std::string kind;              ///< empty = all
  std::int64_t offset = 0;
  std::int64_t limit = 100;
};

struct JobPage {
  std::vector<JobRecord> rows;
  std::int64_t total = 0;
};

/// What happened to a job, newest first.
struct JobLog {
  std::vector<JobLine> rows;
  std::int64_t total = 0;
};

/// What a worker has to tell of its job since it last did.
struct JobNews {
  std::vector<ItemFailure> failures;
  std::vector<JobLine> lines;
};

/// What a worker is to do with the job it holds.
enum class JobWish { kGoOn, kPause, kCancel };

/// How a job left its worker.
enum class JobEnd { kDone, kFailed, kStopped };

/// Jobs kept in a SQLite file, until they are done and for a while after.
///
/// Any number of threads and processes of one machine may use the same file. A worker proves that
/// it is alive by a lock on a file of its own, which the system takes back when its process dies:
/// no clock is asked. Changes survive the death of a process; a power failure may take the last of
/// them.
class Queue {
 public:
  /// Opens or makes the file. Throws Error{kUnavailable}, Error{kBadInput} (no queue of FinView, or
  /// of a newer one).
  explicit Queue(const std::filesystem::path& file);
  ~Queue();
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  JobId add(const NewJob& job);
  std::vector<JobId> add(const std::vector<NewJob>& jobs);  ///< all or none

  JobRecord get(JobId id) const;  ///< Throws Error{kNotFound}.
  JobPage list(const JobFilter& filter) const;
  /// Items that could not be done, in the order they failed.
  std::vector<ItemFailure> failures(JobId id, std::int64_t offset, std::int64_t limit) const;
  JobLog log(JobId id, std::int64_t offset, std::int64_t limit) const;
  std::vector<WorkerRecord> workers() const;
  /// Jobs with a larger version than this, oldest change first, at most 1000.
  std::vector<JobRecord> changed_since(std::int64_t version) const;
  std::int64_t version() const;
  /// Kinds of jobs that are not over.
  std::vector<std::string> open_kinds() const;

  // What people ask for. Each throws Error{kNotFound}, and Error{kConflict} in a state that does
  // not allow it. Cancelling and pausing a running job takes effect at its next item.
  void cancel(JobId id);
  void pause(JobId id);
  void resume(JobId id);
  void retry(JobId id);  ///< does the failed items again, or what was left
  void set_priority(JobId id, int priority);
  void remove(JobId id);  ///< only when it is over
  /// Forgets jobs that ended before this time (as Queue::now gives it) and says how many.
  std::int64_t forget_ended_before(const std::string& time);

  // For workers.
  /// A name of its own that is alive until this Queue is closed or its process dies.
  std::string enlist(const std::string& role);
  /// The most urgent waiting job of these kinds, which is then this worker's.
  std::optional<JobRecord> take(const std::string& worker, const std::vector<std::string>& kinds);
  /// Items that are to be done again, and no others; empty = all.
  std::vector<std::string> items_to_retry(JobId id) const;
  /// What somebody asked for while it runs.
  JobWish wish(JobId id) const;
  /// Writes how far a job has come, and what is new.
  JobWish report(const JobRecord& progress, const JobNews& news);
  /// The job, as `take` gave it but for reason and result, is no longer the worker's. A stopped one
  /// is paused or cancelled where that was asked for and waits again otherwise; after a done one
  /// the next of `then` is added.
  void end(const JobRecord& job, JobEnd end);
  /// Lets the jobs of dead workers wait again; one that took three processes with it fails. Says
  /// how many.
  std::int64_t take_back();

  /// UTC, "2012-03-07T14:05:09".
  static std::string now();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
