#include "finview/photo/photo.h"

#include <fmt/format.h>

namespace finview {

std::string to_string(const CaptureTime& time) {
  std::string text = fmt::format("{:04}-{:02}-{:02}", time.year, time.month, time.day);
  if (time.has_time) {
    text += fmt::format("T{:02}:{:02}:{:02}", time.hour, time.minute, time.second);
  }
  return text;
}

}  // namespace finview
