#pragma once

#include "finview/jobs/queue.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace finview {

/// Server-sent events: tells whoever listens that tasks and rows of the catalogue changed.
class Events {
 public:
  explicit Events(const Queue& queue);
  ~Events();

  /// Any of "photos", "fins", "decisions", "individuals", "encounters", "map",
  /// "duplicates".
  void catalogue_changed(const std::vector<std::string>& what);

  /// Writes events until `write` says false or this ends. Throws Error{kUnavailable} for too many
  /// listeners.
  void serve(const std::function<bool(const std::string&)>& write);
  /// Throws Error{kUnavailable} if one more listener would be too many.
  void check_room() const;
  int num_listeners() const { return num_listeners_; }
  /// Ends every `serve`.
  void stop();

 private:
  void watch();
  void send(const std::string& event);

  const Queue& queue_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> changes_;   ///< of the catalogue, not yet told
  std::deque<std::string> events_;  ///< the last ones
  std::int64_t first_ = 0;          ///< number of the first of them
  std::atomic<int> num_listeners_{0};
  std::atomic<bool> stopping_{false};
  std::thread watcher_;
};

}  // namespace finview
