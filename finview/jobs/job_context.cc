#include "finview/jobs/job_context.h"

#include <utility>

#include <fmt/format.h>
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
  if (step != progress_.step) log(total > 0 ? fmt::format("{} ({} items)", step, total) : step);
  const double seconds = std::chrono::duration<double>(now - step_began_).count();
  progress_.rate_per_s = seconds > 0 ? static_cast<double>(done - step_first_) / seconds : 0;
  progress_.step = step;
  progress_.done = done;
  progress_.total = total;
  changed_ = true;
}

void JobContext::log(const std::string& text) {
  news_.lines.push_back({Queue::now(), text});
  changed_ = true;
}

void JobContext::note(const std::string& line) {
  spdlog::info("task {} ({}): {}", job_.id.value, job_.wish.kind, line);
  const std::lock_guard lock(mutex_);
  log(line);
}

void JobContext::item_failed(const std::string& item, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  news_.failures.push_back({item, reason});
  log(fmt::format("{}: {}", item, reason));
}

void JobContext::pulse() {
  if (!write_down() && queue_.wish(job_.id) != JobWish::kGoOn) cancel_.cancel();
}

bool JobContext::write_down() {
  JobRecord progress;
  JobNews news;
  bool changed = false;
  {
    const std::lock_guard lock(mutex_);
    changed = std::exchange(changed_, false);
    if (changed) progress = progress_;
    news = std::exchange(news_, {});
  }
  if (changed && queue_.report(progress, news) != JobWish::kGoOn) cancel_.cancel();
  return changed;
}

}  // namespace finview
