#pragma once

#include <ATen/Parallel.h>

namespace finview {

/// Keeps torch to one thread for what the calling thread does in its lifetime: torch's own threads
/// gain nothing on small pictures, which are worked on in parallel instead.
class OneThread {
 public:
  OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  ~OneThread() { at::set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

}  // namespace finview
