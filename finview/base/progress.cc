#include "finview/base/progress.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

namespace finview {

std::string format_seconds(double seconds) {
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

ConsoleProgress::ConsoleProgress() : terminal_(isatty(STDERR_FILENO) == 1) {}

void ConsoleProgress::update(const std::string& step, std::int64_t done, std::int64_t total) {
  const auto now = Clock::now();
  if (step != step_ || done < done_) {
    finish();
    step_ = step;
    started_ = now;
    printed_ = terminal_ ? Clock::time_point{} : now;
  }
  done_ = done;
  total_ = total;
  open_ = true;
  const auto interval = terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(10);
  if (now - printed_ < interval) return;
  printed_ = now;
  print(false);
}

void ConsoleProgress::print(bool last) {
  const double seconds = std::chrono::duration<double>(Clock::now() - started_).count();
  const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
  std::string line = fmt::format("{}: {}", step_, done_);
  if (total_ > 0) line += fmt::format(" of {}", total_);
  line += fmt::format(", {:.1f}/s", rate);
  if (last) {
    line += fmt::format(", {}", format_seconds(seconds));
  } else if (total_ > 0 && rate > 0) {
    line += fmt::format(", {} left", format_seconds(static_cast<double>(total_ - done_) / rate));
  }
  if (!terminal_) {
    fmt::print(stderr, "{}\n", line);
    return;
  }
  constexpr int kBarWidth = 24;
  std::string bar;
  if (total_ > 0) {
    const auto filled = static_cast<int>(kBarWidth * std::min(done_, total_) / total_);
    bar = fmt::format("[{}{}] ", std::string(filled, '#'), std::string(kBarWidth - filled, ' '));
  }
  fmt::print(stderr, "\r\033[K{}{}{}", bar, line, last ? "\n" : "");
  std::fflush(stderr);
}

void ConsoleProgress::note(const std::string& line) {
  if (terminal_ && open_) fmt::print(stderr, "\r\033[K");
  fmt::print(stderr, "{}\n", line);
}

void ConsoleProgress::finish() {
  if (open_) print(true);
  open_ = false;
  done_ = 0;
  step_.clear();
}

}  // namespace finview
