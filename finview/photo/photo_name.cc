#include "finview/photo/photo_name.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <vector>

#include <fmt/format.h>

namespace finview {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_catalogue_number(std::string_view text) {
  if (text.size() == 5 && text[0] == 'H') text.remove_prefix(1);
  return text.size() == 4 && all_digits(text);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::optional<CaptureTime> make_date(int year, int month, int day) {
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return {};
  CaptureTime time;
  time.year = year;
  time.month = month;
  time.day = day;
  return time;
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = 10 * value + (c - '0');
  return value;
}

// yymmdd; the catalogue began in 2000.
std::optional<CaptureTime> short_date(std::string_view text) {
  if (text.size() != 6 || !all_digits(text)) return {};
  return make_date(
      2000 + number(text.substr(0, 2)), number(text.substr(2, 2)), number(text.substr(4, 2)));
}

std::optional<CaptureTime> long_date(std::string_view text) {
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
  if (!shaped || !all_digits(text.substr(0, 4)) || !all_digits(text.substr(5, 2)) ||
      !all_digits(text.substr(8, 2))) {
    return {};
  }
  return make_date(number(text.substr(0, 4)), number(text.substr(5, 2)), number(text.substr(8, 2)));
}

struct NameParts {
  std::string_view folder;
  std::string_view stem;
};

NameParts parts_of(std::string_view name) {
  NameParts parts;
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) {
    parts.folder = name.substr(0, slash);
    parts.folder = parts.folder.substr(parts.folder.find_last_of("/\\") + 1);
    name.remove_prefix(slash + 1);
  }
  parts.stem = name.substr(0, name.rfind('.'));
  return parts;
}

void append(std::string& text, std::string_view more, std::string_view separator) {
  if (!text.empty()) text += separator;
  text += more;
}

// Reads the marks after the frame. Their order is the order of this enumeration.
class NiwaMarks {
 public:
  enum Mark { kEncounter, kPhotographer, kSeries, kLetter, kNumber, kUnknown };

  explicit NiwaMarks(NamedPhoto& photo) : photo_(photo) {}

  void read(std::string_view mark) {
    const std::size_t space = mark.find(' ');
    if (space != std::string_view::npos) {
      note(fmt::format("a space in '{}'", mark));
      const std::string_view after = mark.substr(std::min(mark.size(), space + 1));
      mark = mark.substr(0, space);
      if (!mark.empty()) take(mark);
      if (!after.empty()) append(photo_.label.rest, after, "_");
      return;
    }
    if (mark.empty()) {
      note("two underscores in a row");
      return;
    }
    take(mark);
  }

  void note(const std::string& sentence) { append(photo_.irregular, sentence, "; "); }

 private:
  static Mark kind_of(std::string_view mark) {
    const std::string_view digits = mark.substr(1);
    if (mark[0] == 'E' && all_digits(digits)) return kEncounter;
    if (mark == "AII" || mark == "1") return kSeries;
    if (mark == "A" || mark == "B" || mark == "C") return kLetter;
    if ((mark[0] == 'N' || mark[0] == 'P') && all_digits(digits)) return kNumber;
    const bool initials =
        (mark.size() == 2 || mark.size() == 3) && std::all_of(mark.begin(), mark.end(), is_capital);
    return initials ? kPhotographer : kUnknown;
  }

  void take(std::string_view mark) {
    const Mark kind = kind_of(mark);
    if (kind == kUnknown) note(fmt::format("the mark '{}' is not known", mark));
    if (kind < last_) note(fmt::format("'{}' is out of order", mark));
    if (kind != kUnknown) last_ = std::max(last_, kind);
    if (kind == kEncounter) {
      if (!photo_.label.encounter.empty()) note("two encounters");
      photo_.label.encounter = mark.substr(1);
    } else if (kind == kPhotographer) {
      append(photo_.label.photographer, mark, "_");
    } else {
      append(photo_.label.rest, mark, "_");
    }
  }

  NamedPhoto& photo_;
  Mark last_ = kEncounter;
};

std::string read_csv_row(const CsvTable& table,
                         const std::vector<std::string>& row,
                         std::string_view column) {
  const auto at = std::find(table.header.begin(), table.header.end(), column);
  return at == table.header.end() ? "" : row[static_cast<std::size_t>(at - table.header.begin())];
}

std::string normalized(std::string file) {
  std::replace(file.begin(), file.end(), '\\', '/');
  while (file.starts_with("./")) file.erase(0, 2);
  return file;
}

}  // namespace

NamedPhoto read_niwa_name(std::string_view name) {
  NamedPhoto photo;
  NiwaMarks marks(photo);
  const NameParts parts = parts_of(name);
  photo.label.individual = parts.folder;
  if (!is_catalogue_number(parts.folder)) {
    marks.note(fmt::format("the folder '{}' is no catalogue number (4 digits, or H and 4 digits)",
                           parts.folder));
  }
  std::vector<std::string_view> fields = split(parts.stem, '_');
  if (fields.size() > 1 && is_catalogue_number(fields[0]) && fields[1] == "HG") {
    marks.note(fmt::format("the number {} stands before HG; the folder counts", fields[0]));
    fields.erase(fields.begin());
  }
  if (fields[0] != "HG" || fields.size() < 3) {
    marks.note("the name does not begin with HG_<yymmdd>_<frame>");
    return photo;
  }
  photo.label.date = short_date(fields[1]);
  if (!photo.label.date) marks.note(fmt::format("'{}' is not a date (yymmdd)", fields[1]));
  const std::string_view frame = fields[2].substr(0, fields[2].find(' '));
  photo.label.frame = frame;
  if (!all_digits(frame) || frame.size() < 3 || frame.size() > 4) {
    marks.note(fmt::format("the frame '{}' is not 3 or 4 digits", frame));
  }
  if (frame != fields[2]) {
    marks.note(fmt::format("a space in '{}'", fields[2]));
    photo.label.rest = fields[2].substr(frame.size() + 1);
  }
  for (std::size_t i = 3; i < fields.size(); ++i) marks.read(fields[i]);
  return photo;
}

NamedPhoto read_folder_name(std::string_view name) {
  NamedPhoto photo;
  photo.label.individual = parts_of(name).folder;
  if (photo.label.individual.empty()) photo.irregular = "the photo lies in no folder";
  return photo;
}

LabelTable LabelTable::read(const std::filesystem::path& csv) {
  const CsvTable table = read_csv(csv);
  const std::size_t file_column = table.column("file");
  const std::size_t individual_column = table.column("individual");
  LabelTable labels;
  Faults faults;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::vector<std::string>& row = table.rows[i];
    const std::string where = fmt::format("{}, row {}: ", csv.string(), i + 1);
    const std::string file = normalized(row[file_column]);
    const std::string date = read_csv_row(table, row, "date");
    if (file.empty()) faults.add(where + "the column file is empty");
    PhotoLabel label;
    label.individual = row[individual_column];
    label.encounter = read_csv_row(table, row, "encounter");
    label.date = long_date(date);
    if (!date.empty() && !label.date) {
      faults.add(where + fmt::format("'{}' is not a date (YYYY-MM-DD)", date));
    }
    const auto [entry, is_new] = labels.labels_.emplace(file, label);
    if (!is_new && entry->second.individual != label.individual) {
      faults.add(where + fmt::format("{} is given to {} and to {}",
                                     file,
                                     entry->second.individual,
                                     label.individual));
    }
  }
  faults.throw_if_any(ErrorKind::kBadInput);
  return labels;
}

std::optional<PhotoLabel> LabelTable::find(std::string_view name) const {
  while (true) {
    const auto found = labels_.find(name);
    if (found != labels_.end()) return found->second;
    const std::size_t slash = name.find('/');
    if (slash == std::string_view::npos) return {};
    name.remove_prefix(slash + 1);
  }
}

}  // namespace finview
