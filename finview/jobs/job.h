#pragma once

#include "finview/catalogue/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace finview {

using JobId = Id<struct JobRecord>;

/// Append-only: the numbers are in the database.
enum class JobState { kWaiting, kRunning, kPaused, kDone, kFailed, kCancelled };

/// "waiting", "running", ...
std::string to_string(JobState state);
/// Nothing for a name there is not.
std::optional<JobState> job_state_named(const std::string& name);
/// Done, failed or cancelled.
bool is_over(JobState state);

/// A wish for work to be done later.
struct NewJob {
  std::string kind;  ///< one of JobKinds
  std::string name;  ///< for people; empty = the kind
  std::string who;
  std::vector<std::string> uploads;  ///< ids of finished uploads to work on
  std::vector<std::string> files;    ///< "area/path" to work on
  std::string options = "{}";        ///< JSON object; checked by JobKinds
  int priority = 0;                  ///< -100 to 100; larger is sooner
  std::vector<std::string> then;     ///< kinds to be added, one after the other, when it is done
};

struct JobRecord {
  JobId id;
  NewJob wish;
  JobState state = JobState::kWaiting;
  std::string created;
  std::string started;
  std::string ended;
  std::string step;         ///< what is being done
  std::int64_t done = 0;    ///< items of this step
  std::int64_t failed = 0;  ///< items of all steps that could not be done
  std::int64_t total = 0;   ///< items of this step; 0 = not known
  double rate_per_s = 0;
  std::string reason;         ///< why it failed as a whole
  std::string result = "{}";  ///< JSON object, made by the kind
  std::string worker;         ///< who does it now
  std::int64_t version = 0;   ///< grows with every change of any job
};

/// From rate, done and total; nothing while they are not known or it does not run.
std::optional<double> seconds_left(const JobRecord& job);

/// One item of a job that could not be done.
struct ItemFailure {
  std::string item;
  std::string reason;
};

/// Something that happened to a job.
struct JobLine {
  std::string time;  ///< UTC, as Queue::now gives it
  std::string text;
};

/// A thread that does jobs.
struct WorkerRecord {
  std::string name;
  JobId job;  ///< what it does now; 0 = nothing
  std::string since;
};

}  // namespace finview
