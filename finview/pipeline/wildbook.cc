#include "finview/pipeline/wildbook.h"

#include "finview/base/error.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

namespace finview {
namespace {

// Columns that are text on both sides.
struct TextColumn {
  const char* name;
  std::string WildbookRow::*member;
};
const TextColumn kTexts[] = {{"Encounter.sightingID", &WildbookRow::sighting},
                             {"Encounter.individualID", &WildbookRow::individual},
                             {"MarkedIndividual.nickname", &WildbookRow::nickname},
                             {"Encounter.verbatimLocality", &WildbookRow::place},
                             {"Encounter.sex", &WildbookRow::sex},
                             {"Encounter.lifeStage", &WildbookRow::life_stage},
                             {"Encounter.state", &WildbookRow::state},
                             {"Survey.id", &WildbookRow::survey},
                             {"Encounter.genus", &WildbookRow::genus},
                             {"Encounter.specificEpithet", &WildbookRow::epithet},
                             {"Encounter.submitterID", &WildbookRow::submitter}};
const char* const kDateColumns[] = {
    "Encounter.year", "Encounter.month", "Encounter.day", "Encounter.hour", "Encounter.minutes"};
constexpr const char* kPhoto = "Encounter.mediaAsset";

// Year, month, day, hour, minutes of "2012-03-07T14:05"; empty where it does not say.
std::vector<std::string> date_parts(const std::string& date) {
  std::vector<std::string> parts(5);
  const std::size_t starts[] = {0, 5, 8, 11, 14};
  for (std::size_t i = 0; i < 5; ++i) {
    const std::size_t length = i == 0 ? 4 : 2;
    if (date.size() >= starts[i] + length) parts[i] = date.substr(starts[i], length);
  }
  return parts;
}

// Fields of one line, by column name.
class Line {
 public:
  Line(const CsvTable& table, std::size_t row, const std::string& source)
      : where_(fmt::format("{}: row {}", source, row + 1)) {
    for (std::size_t i = 0; i < table.header.size(); ++i) {
      fields_[table.header[i]] = table.rows[row][i];
    }
  }

  std::string text(const std::string& column) const {
    const auto found = fields_.find(column);
    return found == fields_.end() ? std::string() : found->second;
  }

  std::optional<double> number(const std::string& column) const {
    const std::string value = text(column);
    if (value.empty()) return std::nullopt;
    double result = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
    if (error == std::errc() && end == value.data() + value.size()) return result;
    fail(column, value);
  }

  std::string date() const {
    const char* const before[] = {"", "-", "-", "T", ":"};
    const int low[] = {1, 1, 1, 0, 0};
    const int high[] = {9999, 12, 31, 23, 59};
    std::string date;
    for (std::size_t i = 0; i < 5; ++i) {
      const std::optional<double> value = number(kDateColumns[i]);
      if (!value) break;
      if (*value < low[i] || *value > high[i]) fail(kDateColumns[i], text(kDateColumns[i]));
      date += fmt::format("{}{:0{}}", before[i], static_cast<int>(*value), i == 0 ? 4 : 2);
    }
    return date.size() == 13 ? date + ":00" : date;
  }

 private:
  [[noreturn]] void fail(const std::string& column, const std::string& value) const {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{}: {} \"{}\" cannot be.", where_, column, value));
  }

  std::string where_;
  std::map<std::string, std::string> fields_;
};

}  // namespace

std::string wildbook_text(const std::vector<WildbookRow>& rows) {
  std::size_t num_photos = 1;
  for (const WildbookRow& row : rows) num_photos = std::max(num_photos, row.photos.size());
  std::vector<std::string> header;
  for (const TextColumn& column : kTexts) header.emplace_back(column.name);
  for (const char* column : kDateColumns) header.emplace_back(column);
  header.emplace_back("Encounter.decimalLatitude");
  header.emplace_back("Encounter.decimalLongitude");
  for (std::size_t i = 0; i < num_photos; ++i) header.push_back(kPhoto + std::to_string(i));
  std::string text = csv_line(header);
  for (const WildbookRow& row : rows) {
    std::vector<std::string> line;
    for (const TextColumn& column : kTexts) line.push_back(row.*column.member);
    for (std::string& part : date_parts(row.date)) line.push_back(std::move(part));
    line.push_back(row.latitude_deg ? fmt::format("{}", *row.latitude_deg) : "");
    line.push_back(row.longitude_deg ? fmt::format("{}", *row.longitude_deg) : "");
    line.insert(line.end(), row.photos.begin(), row.photos.end());
    line.resize(header.size());
    text += csv_line(line);
  }
  return text;
}

std::vector<WildbookRow> parse_wildbook(const CsvTable& table, const std::string& source) {
  table.column(std::string(kPhoto) + "0");
  std::vector<WildbookRow> rows;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const Line line(table, i, source);
    WildbookRow row;
    for (const TextColumn& column : kTexts) row.*column.member = line.text(column.name);
    row.date = line.date();
    row.latitude_deg = line.number("Encounter.decimalLatitude");
    row.longitude_deg = line.number("Encounter.decimalLongitude");
    for (std::size_t photo = 0; photo < table.header.size(); ++photo) {
      const std::string name = line.text(kPhoto + std::to_string(photo));
      if (!name.empty()) row.photos.push_back(name);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace finview
