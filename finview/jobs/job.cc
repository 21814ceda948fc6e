#include "finview/jobs/job.h"

#include <algorithm>
#include <array>

namespace finview {

namespace {

constexpr std::array kStates{
    "waiting",
    "running",
    "paused",
    "done",
    "failed",
    "cancelled",
};

}  // namespace

std::string to_string(JobState state) { return kStates[static_cast<std::size_t>(state)]; }

std::optional<JobState> job_state_named(const std::string& name) {
  const auto found = std::find(kStates.begin(), kStates.end(), name);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<JobState>(found - kStates.begin());
}

bool is_over(JobState state) {
  return state == JobState::kDone || state == JobState::kFailed || state == JobState::kCancelled;
}

std::optional<double> seconds_left(const JobRecord& job) {
  if (job.state != JobState::kRunning || job.rate_per_s <= 0 || job.total <= 0) {
    return std::nullopt;
  }
  return static_cast<double>(std::max<std::int64_t>(job.total - job.done, 0)) / job.rate_per_s;
}

}  // namespace finview
