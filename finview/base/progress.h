#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace finview {

/// Told how far long work has come. Implementations are called from one thread at a time.
class Progress {
 public:
  virtual ~Progress() = default;
  /// `done` of `total` units of `step` are finished; total 0 = not known yet.
  virtual void update(const std::string& step, std::int64_t done, std::int64_t total) = 0;
  /// A line for the user, e.g. why one photo failed.
  virtual void note(const std::string& line) = 0;
  /// One item of many could not be done; the others go on.
  virtual void item_failed(const std::string& item, const std::string& reason) {
    note(item + ": " + reason);
  }
  /// The step is over; ends an open progress bar.
  virtual void finish() {}
};

/// Says nothing.
class NoProgress : public Progress {
 public:
  void update(const std::string&, std::int64_t, std::int64_t) override {}
  void note(const std::string&) override {}
};

/// Writes to standard error: a bar with rate and time left on a terminal, otherwise a plain line
/// at most every ten seconds and at the end of a step.
class ConsoleProgress : public Progress {
 public:
  ConsoleProgress();
  void update(const std::string& step, std::int64_t done, std::int64_t total) override;
  void note(const std::string& line) override;
  void finish() override;

 private:
  using Clock = std::chrono::steady_clock;
  void print(bool last);

  bool terminal_;
  bool open_ = false;
  std::string step_;
  std::int64_t done_ = 0;
  std::int64_t total_ = 0;
  Clock::time_point started_;
  Clock::time_point printed_;
};

/// "4 min 05 s", "12.3 s": a duration as the progress line shows it.
std::string format_seconds(double seconds);

}  // namespace finview
