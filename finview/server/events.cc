#include "finview/server/events.h"

#include "finview/base/error.h"
#include "finview/server/json_out.h"

#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

constexpr auto kInterval = std::chrono::milliseconds(250);
constexpr auto kSilence = std::chrono::seconds(15);
constexpr int kMaxListeners = 100;
constexpr std::size_t kMaxEvents = 1000;

std::string event(const char* name, const json& data) {
  return fmt::format(
      "event: {}\ndata: {}\n\n", name, data.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace

Events::Events(const Queue& queue) : queue_(queue), watcher_([this] { watch(); }) {}

Events::~Events() {
  stop();
  watcher_.join();
}

void Events::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

void Events::catalogue_changed(const std::vector<std::string>& what) {
  const std::lock_guard lock(mutex_);
  changes_.insert(what.begin(), what.end());
}

void Events::send(const std::string& event) {
  events_.push_back(event);
  if (events_.size() > kMaxEvents) {
    events_.pop_front();
    ++first_;
  }
}

void Events::watch() {
  std::int64_t version = -1;
  while (!stopping_) {
    std::vector<JobRecord> jobs;
    try {
      const std::int64_t now = queue_.version();
      if (version >= 0 && now > version) jobs = queue_.changed_since(version);
      version = now;
    } catch (const Error&) {  // the disk is busy: told the next time
    }
    std::unique_lock lock(mutex_);
    for (const JobRecord& job : jobs) {
      send(event("task", to_json(job)));
      if (job.wish.kind == "import") changes_.insert({"photos", "encounters", "individuals"});
      if (job.wish.kind == "find" || job.wish.kind == "identify") {
        changes_.insert({"photos", "fins"});
      }
      const bool makes_result = job.wish.kind == "map" || job.wish.kind == "duplicates";
      if (makes_result && is_over(job.state)) changes_.insert(job.wish.kind);
    }
    if (!changes_.empty()) send(event("catalogue", {{"changed", std::exchange(changes_, {})}}));
    changed_.notify_all();
    changed_.wait_for(lock, kInterval, [&] { return stopping_.load(); });
  }
}

void Events::check_room() const {
  if (num_listeners_ < kMaxListeners) return;
  throw Error(ErrorKind::kUnavailable,
              fmt::format("{} programs listen already; close some windows.", kMaxListeners));
}

void Events::serve(const std::function<bool(const std::string&)>& write) {
  struct Listener {
    std::atomic<int>& count;
    explicit Listener(std::atomic<int>& count) : count(count) { ++count; }
    ~Listener() { --count; }
  };
  const Listener listener(num_listeners_);
  std::unique_lock lock(mutex_);
  std::int64_t next = first_ + static_cast<std::int64_t>(events_.size());
  std::string text = ": listening\n\n";
  while (true) {
    lock.unlock();
    if (!write(text)) return;
    lock.lock();
    const auto end = [&] { return first_ + static_cast<std::int64_t>(events_.size()); };
    changed_.wait_for(lock, kSilence, [&] { return stopping_ || end() > next; });
    if (stopping_) return;
    text.clear();
    for (next = std::max(next, first_); next < end(); ++next) {
      text += events_[static_cast<std::size_t>(next - first_)];
    }
    if (text.empty()) text = ": still here\n\n";
  }
}

}  // namespace finview
