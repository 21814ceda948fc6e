#pragma once

#include <atomic>

namespace finview {

/// A request to stop, set from any thread or signal handler and polled by long work.
///
/// Work that sees it returns what is finished; it does not throw.
class CancelToken {
 public:
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_{false};
};

}  // namespace finview
