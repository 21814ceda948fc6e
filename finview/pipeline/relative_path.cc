#include "finview/pipeline/relative_path.h"

#include "finview/base/error.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {

namespace {

constexpr std::size_t kMaxPathBytes = 4000;
constexpr std::size_t kMaxPartBytes = 255;

bool is_utf8(const std::string& text) {
  try {
    nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorKind::kBadInput, "This path cannot be used: " + reason);
}

void check_part(const std::string& part) {
  if (part.empty()) refuse("it has an empty part, or begins or ends with \"/\".");
  if (part == "." || part == "..") refuse("\".\" and \"..\" are not allowed in it.");
  if (part.size() > kMaxPartBytes) {
    refuse(fmt::format(
        "a part of it has {} bytes; at most {} are allowed.", part.size(), kMaxPartBytes));
  }
}

}  // namespace

std::vector<std::string> relative_parts(const std::string& path) {
  if (path.empty()) refuse("it is empty.");
  if (path.size() > kMaxPathBytes) {
    refuse(fmt::format("it has {} bytes; at most {} are allowed.", path.size(), kMaxPathBytes));
  }
  if (!is_utf8(path)) refuse("it is not UTF-8.");
  const auto is_forbidden = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\';
  };
  if (std::any_of(path.begin(), path.end(), is_forbidden)) {
    refuse("it has a backslash or a control character.");
  }
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = path.find('/', begin);
    parts.push_back(path.substr(begin, end - begin));
    check_part(parts.back());
    if (end == std::string::npos) return parts;
    begin = end + 1;
  }
}

}  // namespace finview
