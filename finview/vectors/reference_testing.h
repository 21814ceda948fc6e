#pragma once

#include "finview/base/csv.h"
#include "finview/vectors/matrix.h"

#include <cstdint>
#include <string>
#include <vector>

namespace finview::test {

/// A table of finview/vectors/testdata.
inline CsvTable reference(const std::string& name) {
  return read_csv(std::string(FINVIEW_SOURCE_DIR) + "/finview/vectors/testdata/" + name + ".csv");
}

inline std::vector<double> numbers(const CsvTable& table, const std::string& column) {
  const std::size_t index = table.column(column);
  std::vector<double> values;
  for (const auto& row : table.rows) values.push_back(std::stod(row[index]));
  return values;
}

inline std::vector<std::int32_t> integers(const CsvTable& table, const std::string& column) {
  const std::vector<double> values = numbers(table, column);
  return {values.begin(), values.end()};
}

/// Points with their true labels (where the table has a column "label").
struct Points {
  std::vector<double> values;
  std::size_t num_dims = 0;
  std::vector<std::int32_t> labels;

  MatrixView<double> view() const { return {values, num_dims}; }
  std::size_t size() const { return values.size() / num_dims; }
};

inline Points points_of(const CsvTable& table) {
  Points points;
  for (const std::string& name : table.header) points.num_dims += name.starts_with("x") ? 1 : 0;
  for (const auto& row : table.rows) {
    for (std::size_t d = 0; d < points.num_dims; ++d) points.values.push_back(std::stod(row[d]));
  }
  if (table.header.back() == "label") points.labels = integers(table, "label");
  return points;
}

inline Points points(const std::string& set) { return points_of(reference("data/" + set)); }

}  // namespace finview::test
