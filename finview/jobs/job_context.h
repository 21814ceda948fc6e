#pragma once

#include "finview/base/cancel.h"
#include "finview/base/progress.h"
#include "finview/jobs/queue.h"

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

namespace finview {

/// What the function that does a job is given: what was asked for, where to tell how far it is,
/// and whether to stop. Telling costs no disk access; `pulse` writes it down.
class JobContext : public Progress {
 public:
  JobContext(Queue& queue, const JobRecord& job);

  JobId id() const { return job_.id; }
  const NewJob& wish() const { return job_.wish; }
  /// Not empty: only these items, named as they were when they failed, are to be done.
  const std::vector<std::string>& only() const { return only_; }
  const CancelToken& cancel() const { return cancel_; }

  void update(const std::string& step, std::int64_t done, std::int64_t total) override;
  void note(const std::string& line) override;
  void item_failed(const std::string& item, const std::string& reason) override;

  /// Writes down what was told since, and cancels the work if somebody asked for it. From any
  /// thread.
  void pulse();
  /// The first half of it: false if nothing was told since.
  bool write_down();
  /// The process is to end.
  void stop() { cancel_.cancel(); }

 private:
  void log(const std::string& text);  ///< with mutex_ held

  Queue& queue_;
  const JobRecord job_;
  const std::vector<std::string> only_;
  CancelToken cancel_;

  std::mutex mutex_;
  JobRecord progress_;
  JobNews news_;  ///< not yet written
  bool changed_ = false;
  std::chrono::steady_clock::time_point step_began_;
  std::int64_t step_first_ = 0;  ///< what was done when the step began
};

}  // namespace finview
