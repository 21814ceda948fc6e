#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace finview {

/// What is known of one fin's picture, and where it fell among the others. Empty: not known.
struct FinRow {
  std::int64_t index = 0;
  std::string name;
  std::optional<double> x;  ///< on the map
  std::optional<double> y;
  std::string file;
  std::int64_t label = -1;            ///< column "class": its cluster; -1 noise
  std::optional<double> probability;  ///< that it belongs to its cluster
  std::int64_t outlier = 0;           ///< 1: an outlier
  std::string individual;
  std::string encounter;
  std::string date;
  std::optional<double> quality;
  std::vector<std::string> extras;  ///< as many as the table has extra columns
};

/// Fins as a table: columns index, name, x, y, file, class, probability, outlier, individual,
/// encounter, date, quality, and any others, which are kept as they are.
struct FinTable {
  std::vector<std::string> extra_columns;
  std::vector<FinRow> rows;

  /// Adds a column, or replaces the one of that name.
  void set_extra(const std::string& column, const std::vector<double>& values);
  void set_extra(const std::string& column, const std::vector<std::string>& texts);
};

/// RFC 4180, UTF-8. What is not known, and what is not finite, is an empty field.
std::string fin_table_csv(const FinTable& table);

/// An array of objects, one a row, keys as the columns; null for what is not known or not finite.
std::string fin_table_json(const FinTable& table);

// Columns may come in any order; any of them may be missing but `name` and `file`, of which one
// must be there (a missing name is the file's stem; a missing index counts from 0). Empty fields,
// "nan", null and absent keys are not known. Each throws Error{kBadInput} with the row and column
// for what is no number where there must be one.
FinTable parse_fin_table_csv(std::string_view text, const std::string& source);
FinTable parse_fin_table_json(std::string_view text, const std::string& source);

/// Throws Error{kBadOptions} unless the file's ending is .csv or .json: before long work.
void check_table_name(const std::filesystem::path& path);

/// By the file's ending, .csv or .json. Throws Error{kBadOptions} for another one, and as reading,
/// parsing or writing a file does.
FinTable read_fin_table(const std::filesystem::path& path);
void write_fin_table(const std::filesystem::path& path, const FinTable& table);

}  // namespace finview
