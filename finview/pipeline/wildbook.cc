#include "finview/pipeline/wildbook.h"

#include "finview/pipeline/table_line.h"

#include <algorithm>

#include <fmt/format.h>

namespace finview {
namespace {

// Columns that are text on both sides.
struct TextColumn {
  const char* name;
  std::string SightingRow::*member;
};
const TextColumn kTexts[] = {{"Encounter.sightingID", &SightingRow::sighting},
                             {"Encounter.individualID", &SightingRow::individual},
                             {"MarkedIndividual.nickname", &SightingRow::nickname},
                             {"Encounter.verbatimLocality", &SightingRow::place},
                             {"Encounter.sex", &SightingRow::sex},
                             {"Encounter.lifeStage", &SightingRow::life_stage},
                             {"Encounter.state", &SightingRow::state},
                             {"Survey.id", &SightingRow::survey},
                             {"Encounter.genus", &SightingRow::genus},
                             {"Encounter.specificEpithet", &SightingRow::epithet},
                             {"Encounter.submitterID", &SightingRow::submitter}};
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

std::string date_of(const internal::TableLine& line) {
  const char* const before[] = {"", "-", "-", "T", ":"};
  const int low[] = {1, 1, 1, 0, 0};
  const int high[] = {9999, 12, 31, 23, 59};
  std::string date;
  for (std::size_t i = 0; i < 5; ++i) {
    const std::optional<double> value = line.number(kDateColumns[i]);
    if (!value) break;
    if (*value < low[i] || *value > high[i]) line.fail(kDateColumns[i]);
    date += fmt::format("{}{:0{}}", before[i], static_cast<int>(*value), i == 0 ? 4 : 2);
  }
  return date.size() == 13 ? date + ":00" : date;
}

}  // namespace

std::string wildbook_text(const std::vector<SightingRow>& rows) {
  std::size_t num_photos = 1;
  for (const SightingRow& row : rows) num_photos = std::max(num_photos, row.photos.size());
  std::vector<std::string> header;
  for (const TextColumn& column : kTexts) header.emplace_back(column.name);
  for (const char* column : kDateColumns) header.emplace_back(column);
  header.emplace_back("Encounter.decimalLatitude");
  header.emplace_back("Encounter.decimalLongitude");
  for (std::size_t i = 0; i < num_photos; ++i) header.push_back(kPhoto + std::to_string(i));
  std::string text = csv_line(header);
  for (const SightingRow& row : rows) {
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

std::vector<SightingRow> parse_wildbook(const CsvTable& table, const std::string& source) {
  table.column(std::string(kPhoto) + "0");
  std::vector<SightingRow> rows;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const internal::TableLine line(table, i, source);
    SightingRow row;
    for (const TextColumn& column : kTexts) row.*column.member = line.text(column.name);
    row.date = date_of(line);
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
