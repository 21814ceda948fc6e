#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>

namespace finview {

/// Lets a few of many threads work at a time, in the order in which they came. Each connection has
/// a thread; without this the kernel switches between all of them in the midst of their work, and
/// the slowest answer takes ten times the usual one. Who has waited for long goes through all the
/// same, so that slow answers never hold up the others.
class Turnstile {
 public:
  /// @param places   who may be in at a time
  /// @param longest  how long one waits at most
  Turnstile(int places, std::chrono::milliseconds longest) : num_free_(places), longest_(longest) {}

  /// Through the turnstile and, at the end of the scope, out.
  class Pass {
   public:
    explicit Pass(Turnstile& turnstile) : turnstile_(turnstile), has_place_(turnstile.enter()) {}
    ~Pass() {
      if (has_place_) turnstile_.leave();
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

   private:
    Turnstile& turnstile_;
    const bool has_place_;
  };

 private:
  struct Waiter {
    std::condition_variable called;
    bool has_place = false;
  };

  bool enter() {
    std::unique_lock lock(mutex_);
    if (num_free_ > 0) {
      --num_free_;
      return true;
    }
    Waiter waiter;
    const auto at = waiting_.insert(waiting_.end(), &waiter);
    waiter.called.wait_for(lock, longest_, [&] { return waiter.has_place; });
    if (!waiter.has_place) waiting_.erase(at);
    return waiter.has_place;
  }

  void leave() {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
      ++num_free_;
      return;
    }
    Waiter* const next = waiting_.front();
    waiting_.pop_front();
    next->has_place = true;
    next->called.notify_one();
  }

  std::mutex mutex_;
  int num_free_;
  const std::chrono::milliseconds longest_;
  std::list<Waiter*> waiting_;  ///< in the order in which they came
};

}  // namespace finview
