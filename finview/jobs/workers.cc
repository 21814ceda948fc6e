#include "finview/jobs/workers.h"

#include "finview/base/error.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <ctime>
#include <mutex>
#include <set>
#include <thread>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

namespace finview {

namespace {

constexpr auto kPulse = std::chrono::milliseconds(250);
constexpr auto kLook = std::chrono::milliseconds(500);
constexpr int kPulsesPerTakeBack = 40;
constexpr int kPulsesPerExpiry = 4 * 3600;

void refuse_unknown_kinds(const Queue& queue, const JobKinds& kinds) {
  Faults faults;
  for (const std::string& kind : queue.open_kinds()) {
    if (kinds.all().count(kind) > 0) continue;
    faults.add(
        fmt::format("The queue holds tasks of kind \"{}\", which this FinView cannot do: cancel "
                    "them, or use the FinView that added them.",
                    kind));
  }
  faults.throw_if_any(ErrorKind::kUnavailable);
}

/// For this thread and those it starts: whoever waits for an answer comes first.
void yield_to_others() {
  constexpr int kNice = 10;
  if (setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice) != 0) {
    spdlog::warn("Heavy tasks run at usual priority: {}.", std::strerror(errno));
  }
}

std::string days_ago(std::int64_t days) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(std::time(nullptr) - days * 86400));
}

}  // namespace

struct Workers::Impl {
  Impl(Queue& queue, const JobKinds& kinds, const WorkersOptions& options)
      : queue(queue), kinds(kinds), options(options) {}

  void start(const std::string& role, bool heavy);
  void work(const std::string& name, const std::vector<std::string>& names);
  void run(const JobRecord& job);
  void finish(JobContext& context, JobRecord job, JobEnd end);
  void beat();
  void pulse_all();

  /// Waits, unless everything is to end or somebody woke us.
  void wait(std::chrono::milliseconds longest, bool wakeable) {
    std::unique_lock lock(mutex);
    const auto seen = num_wakes;
    changed.wait_for(lock, longest, [&] { return stopping || (wakeable && num_wakes != seen); });
  }

  Queue& queue;
  const JobKinds& kinds;
  const WorkersOptions options;
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<bool> stopping{false};
  std::int64_t num_wakes = 0;
  std::set<JobContext*> running;
  std::vector<std::thread> threads;
};

void Workers::Impl::start(const std::string& role, bool heavy) {
  std::vector<std::string> names;
  for (const auto& [name, kind] : kinds.all()) {
    if (kind.is_heavy == heavy) names.push_back(name);
  }
  if (names.empty()) return;
  const std::string worker = queue.enlist(role);
  threads.emplace_back([this, worker, names, heavy] {
    if (heavy) yield_to_others();
    work(worker, names);
  });
}

void Workers::Impl::work(const std::string& name, const std::vector<std::string>& names) {
  while (!stopping) {
    try {
      const auto job = queue.take(name, names);
      if (job) {
        run(*job);
      } else {
        wait(kLook, true);
      }
    } catch (const std::exception& error) {
      spdlog::error("{}: {}", name, error.what());
      wait(std::chrono::seconds(2), false);
    }
  }
}

void Workers::Impl::run(const JobRecord& job) {
  JobContext context(queue, job);
  {
    const std::lock_guard lock(mutex);
    running.insert(&context);
    if (stopping) context.stop();
  }
  JobRecord after = job;
  JobEnd end = JobEnd::kDone;
  try {
    after.result = kinds.get(job.wish.kind).run(context);
  } catch (const std::exception& error) {
    after.reason = error.what();
    end = JobEnd::kFailed;
  }
  {
    const std::lock_guard lock(mutex);
    running.erase(&context);
  }
  finish(context, after, context.cancel().cancelled() ? JobEnd::kStopped : end);
}

/// Until it is written: a job whose end is not known would be done again.
void Workers::Impl::finish(JobContext& context, JobRecord job, JobEnd end) {
  if (end == JobEnd::kStopped) job.reason.clear();
  while (true) {
    try {
      context.write_down();
      return queue.end(job, end);
    } catch (const Error& error) {
      spdlog::error("task {}: {}", job.id.value, error.what());
      if (stopping || error.kind() != ErrorKind::kUnavailable) return;
      wait(std::chrono::seconds(2), false);
    }
  }
}

void Workers::Impl::pulse_all() {
  // Contexts are gone only after they left the set, which takes the lock that is held here.
  const std::lock_guard lock(mutex);
  for (JobContext* context : running) context->pulse();
}

void Workers::Impl::beat() {
  for (std::int64_t count = 1; !stopping; ++count) {
    try {
      pulse_all();
      if (count % kPulsesPerTakeBack == 0 && queue.take_back() > 0) changed.notify_all();
      if (count % kPulsesPerExpiry == 1) queue.forget_ended_before(days_ago(options.history_days));
    } catch (const std::exception& error) {
      spdlog::error("queue: {}", error.what());
    }
    wait(kPulse, false);
  }
}

Workers::Workers(Queue& queue, const JobKinds& kinds, const WorkersOptions& options)
    : impl_(std::make_unique<Impl>(queue, kinds, options)) {
  refuse_unknown_kinds(queue, kinds);
  queue.take_back();
  impl_->start("heavy", true);
  for (int i = 0; i < options.num_light_threads; ++i) impl_->start("light", false);
  impl_->threads.emplace_back([this] { impl_->beat(); });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
    for (JobContext* context : impl_->running) context->stop();
  }
  impl_->changed.notify_all();
  for (std::thread& thread : impl_->threads) thread.join();
}

void Workers::wake() {
  {
    const std::lock_guard lock(impl_->mutex);
    ++impl_->num_wakes;
  }
  impl_->changed.notify_all();
}

}  // namespace finview
