#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace finview {

/// One field as RFC 4180 writes it: quoted where it holds a comma, quote or line break.
std::string csv_field(std::string_view text);

/// One line, with its line feed.
std::string csv_line(const std::vector<std::string>& fields);

/// A table with a header line.
struct CsvTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< each as long as the header

  /// Index of a column. Throws Error{kBadInput} that names the columns there are.
  std::size_t column(std::string_view name) const;
};

/// Reads RFC 4180 text (UTF-8, an optional byte-order mark, LF or CRLF).
///
/// Throws Error{kBadInput} with the line number for an unclosed quote or a row whose length is
/// not the header's. `source` names the text in errors.
CsvTable parse_csv(std::string_view text, const std::string& source);

CsvTable read_csv(const std::filesystem::path& path);

}  // namespace finview
