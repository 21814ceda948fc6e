#pragma once

#include "finview/base/csv.h"

#include <cstddef>
#include <optional>
#include <string>

namespace finview::internal {

/// The fields of one row of a table of another program, by column. Columns that the table lacks
/// are empty.
class TableLine {
 public:
  /// `row` counts from 0; `source` names the table in errors.
  TableLine(const CsvTable& table, std::size_t row, const std::string& source)
      : table_(table), row_(row), source_(source) {}

  std::string text(const std::string& column) const;
  /// Nothing for an empty field. Throws Error{kBadInput} for what is no number.
  std::optional<double> number(const std::string& column) const;
  /// Throws Error{kBadInput}: this field's value cannot be.
  [[noreturn]] void fail(const std::string& column) const;

 private:
  const CsvTable& table_;
  std::size_t row_;
  const std::string& source_;
};

}  // namespace finview::internal
