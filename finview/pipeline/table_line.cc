#include "finview/pipeline/table_line.h"

#include "finview/base/error.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace finview::internal {

std::string TableLine::text(const std::string& column) const {
  const auto found = std::find(table_.header.begin(), table_.header.end(), column);
  if (found == table_.header.end()) return {};
  return table_.rows[row_][static_cast<std::size_t>(found - table_.header.begin())];
}

std::optional<double> TableLine::number(const std::string& column) const {
  const std::string value = text(column);
  if (value.empty()) return std::nullopt;
  double result = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (error == std::errc() && end == value.data() + value.size()) return result;
  fail(column);
}

void TableLine::fail(const std::string& column) const {
  throw Error(
      ErrorKind::kBadInput,
      fmt::format("{}: row {}: {} \"{}\" cannot be.", source_, row_ + 1, column, text(column)));
}

}  // namespace finview::internal
