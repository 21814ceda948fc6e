#include "finview/jobs/job_context.h"

#include <spdlog/spdlog.h>

namespace finview {

JobContext::JobContext(Queue& queue, const JobRecord& job)
    : queue_(queue),
      job_(job),
      only_(job.failed > 0 ? queue.items_to_retry(job.id) : std::vector<std::string>()),
      progress_(job) {}

void JobContext::update(const std::string& step, std::int64_t done, std::int64_t total) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (step != progress_.step || done < progress_.done) {
    step_began_ = now;
    step_first_ = done;
  }
  const double seconds = std::chrono::duration<double>(now - step_began_).count();
  progress_.rate_per_s = seconds > 0 ? static_cast<double>(done - step_first_) / seconds : 0;
  progress_.step = step;
  progress_.done = done;
  progress_.total = total;
  changed_ = true;
}

void JobContext::note(const std::string& line) {
  spdlog::info("task {} ({}): {}", job_.id.value, job_.wish.kind, line);
}

void JobContext::item_failed(const std::string& item, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  failures_.push_back({item, reason});
  changed_ = true;
}

void JobContext::pulse() {
  if (!write_down() && queue_.wish(job_.id) != JobWish::kGoOn) cancel_.cancel();
}

bool JobContext::write_down() {
  JobRecord progress;
  std::vector<ItemFailure> failures;
  bool changed = false;
  {
    const std::lock_guard lock(mutex_);
    changed = std::exchange(changed_, false);
    if (changed) progress = progress_;
    failures.swap(failures_);
  }
  if (changed && queue_.report(progress, failures) != JobWish::kGoOn) cancel_.cancel();
  return changed;
}

}  // namespace finview
