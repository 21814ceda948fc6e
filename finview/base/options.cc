#include "finview/base/options.h"

#include "finview/base/error.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace finview::internal {

void RangeCheck::field(const std::string& name,
                       std::string& value,
                       const std::string&,
                       const std::vector<std::string>& choices) {
  if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  faults.push_back(
      fmt::format("--{} is \"{}\"; it must be one of {}.", name, value, fmt::join(choices, ", ")));
}

void RangeCheck::field(const std::string& name,
                       std::int64_t& value,
                       const std::string&,
                       std::int64_t min,
                       std::int64_t max) {
  if (value >= min && value <= max) return;
  faults.push_back(fmt::format("--{} is {}; it must be from {} to {}.", name, value, min, max));
}

void RangeCheck::field(
    const std::string& name, double& value, const std::string&, double min, double max) {
  if (value >= min && value <= max) return;  // false for NaN too
  faults.push_back(fmt::format("--{} is {}; it must be from {} to {}.", name, value, min, max));
}

void throw_bad_options(const std::vector<std::string>& faults) {
  Faults all;
  for (const std::string& fault : faults) all.add(fault);
  all.throw_if_any(ErrorKind::kBadOptions);
}

}  // namespace finview::internal
