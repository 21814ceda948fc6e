#include "finview/base/csv.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace finview {
namespace {

class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& source) : text_(text), source_(source) {}
  bool done() const { return position_ >= text_.size(); }
  int line() const { return line_; }

  /// Reads one record and the line break after it.
  std::vector<std::string> record() {
    std::vector<std::string> fields;
    do {
      fields.push_back(field());
    } while (take(','));
    take('\r');
    take('\n');
    ++line_;
    return fields;
  }

 private:
  bool take(char wanted) {
    if (done() || text_[position_] != wanted) return false;
    ++position_;
    return true;
  }

  std::string field() {
    if (take('"')) return quoted();
    const std::size_t end = std::min(text_.find_first_of(",\r\n", position_), text_.size());
    std::string value(text_.substr(position_, end - position_));
    position_ = end;
    return value;
  }

  std::string quoted() {
    const int first_line = line_;
    std::string value;
    while (!done()) {
      const char c = text_[position_++];
      if (c == '\n') ++line_;
      if (c != '"') {
        value += c;
      } else if (!take('"')) {
        return value;
      } else {
        value += '"';
      }
    }
    throw Error(ErrorKind::kBadInput,
                fmt::format("{}, line {}: a quote is never closed.", source_, first_line));
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t position_ = 0;
  int line_ = 1;
};

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

std::string csv_field(std::string_view text) {
  // A mark that begins a field is the field's; bare at the start of a file, it would be the file's.
  const bool is_plain =
      text.find_first_of(",\"\r\n") == std::string_view::npos && !text.starts_with(kByteOrderMark);
  if (is_plain) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += ',';
    line += csv_field(fields[i]);
  }
  return line + '\n';
}

std::size_t CsvTable::column(std::string_view name) const {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format(
            "There is no column \"{}\"; the columns are {}.", name, fmt::join(header, ", ")));
  }
  return static_cast<std::size_t>(found - header.begin());
}

CsvTable parse_csv(std::string_view text, const std::string& source) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  CsvReader reader(text, source);
  CsvTable table;
  if (reader.done()) throw Error(ErrorKind::kBadInput, source + " is empty; a header is needed.");
  table.header = reader.record();
  while (!reader.done()) {
    const int line = reader.line();
    std::vector<std::string> row = reader.record();
    if (row.size() == 1 && row[0].empty()) continue;  // blank line
    if (row.size() != table.header.size()) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("{}, line {} has {} fields; the header has {}.",
                              source,
                              line,
                              row.size(),
                              table.header.size()));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

CsvTable read_csv(const std::filesystem::path& path) {
  return parse_csv(read_text_file(path), path.string());
}

}  // namespace finview
