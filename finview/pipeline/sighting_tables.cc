#include "finview/pipeline/sighting_tables.h"

#include "finview/base/error.h"
#include "finview/pipeline/table_line.h"
#include "finview/pipeline/wildbook.h"
#include "finview/pipeline/zip_file.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

namespace finview {
namespace {

using internal::TableLine;

constexpr const char* kOccurrences = "occurrence.csv";
constexpr const char* kDeployments = "deployments.csv";
constexpr const char* kMedia = "media.csv";
constexpr const char* kObservations = "observations.csv";

// "a.jpg | trip/b.jpg".
std::vector<std::string> names_in(const std::string& media) {
  constexpr std::string_view kBetween = " | ";
  std::vector<std::string> names;
  std::size_t start = 0;
  while (start < media.size()) {
    const std::size_t end = std::min(media.find(kBetween, start), media.size());
    names.push_back(media.substr(start, end - start));
    start = end + kBetween.size();
  }
  return names;
}

// Without the zone, which a camera's clock does not have; midnight is a day whose time is not
// known.
std::string local_time(std::string time) {
  time = time.substr(0, 19);
  return time.ends_with("T00:00:00") ? time.substr(0, 10) : time;
}

// Camtrap's words for our age classes.
std::string age_class(const std::string& life_stage) {
  if (life_stage == "juvenile") return "calf";
  return life_stage == "subadult" ? "juvenile" : life_stage;
}

// What a deployment says of its photos.
SightingRow deployment_row(const TableLine& line) {
  SightingRow row;
  row.sighting = line.text("deploymentID");
  if (row.sighting == "none") row.sighting.clear();
  row.place = line.text("locationName");
  row.latitude_deg = line.number("latitude");
  row.longitude_deg = line.number("longitude");
  row.date = local_time(line.text("deploymentStart"));
  row.survey = line.text("deploymentGroups");
  return row;
}

bool has_column(const CsvTable& table, const std::string& name) {
  return std::find(table.header.begin(), table.header.end(), name) != table.header.end();
}

// "wildbook", "darwin-core", "camtrap-dp", or another form.
std::string form_of(const std::string& path) {
  const std::string extension = std::filesystem::path(path).extension().string();
  if (extension == ".zip") {
    const auto members = read_members(path, {kOccurrences, kMedia});
    return members.contains(kOccurrences) ? "darwin-core"
           : members.contains(kMedia)     ? "camtrap-dp"
                                          : "";
  }
  if (extension != ".csv" || !std::filesystem::exists(path)) return "";
  const CsvTable table = read_csv(path);
  if (has_column(table, "organismID")) return "darwin-core";
  const bool of_wildbook = std::any_of(table.header.begin(), table.header.end(), [](auto& column) {
    return column.starts_with("Encounter.");
  });
  return of_wildbook ? "wildbook" : "";
}

// The tables of an archive. Throws Error{kBadInput} if one is missing.
std::map<std::string, CsvTable> tables_of(const std::string& path,
                                          const std::set<std::string>& names) {
  const auto members = read_members(path, names);
  std::map<std::string, CsvTable> tables;
  for (const std::string& name : names) {
    const auto found = members.find(name);
    if (found == members.end()) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("{} holds no {}, which this form has.", path, name));
    }
    tables[name] = parse_csv(found->second, path + ": " + name);
  }
  return tables;
}

}  // namespace

std::vector<SightingRow> parse_darwin_core(const CsvTable& occurrences, const std::string& source) {
  occurrences.column("organismID");
  std::vector<SightingRow> rows;
  for (std::size_t i = 0; i < occurrences.rows.size(); ++i) {
    const TableLine line(occurrences, i, source);
    SightingRow row;
    row.individual = line.text("organismID");
    if (row.individual.empty()) continue;
    row.sighting = line.text("eventID");
    row.nickname = line.text("organismName");
    row.place = line.text("locality");
    row.latitude_deg = line.number("decimalLatitude");
    row.longitude_deg = line.number("decimalLongitude");
    row.date = local_time(line.text("eventDate"));
    row.sex = line.text("sex");
    row.life_stage = line.text("lifeStage");
    row.survey = line.text("parentEventID");
    row.photos = names_in(line.text("associatedMedia"));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<SightingRow> parse_camtrap(const CamtrapTables& tables, const std::string& source) {
  tables.deployments.column("deploymentID");
  for (const char* column : {"mediaID", "deploymentID", "filePath"}) tables.media.column(column);
  for (const char* column : {"mediaID", "individualID", "classificationMethod"}) {
    tables.observations.column(column);
  }
  std::map<std::string, SightingRow> deployments;
  for (std::size_t i = 0; i < tables.deployments.rows.size(); ++i) {
    const TableLine line(tables.deployments, i, source);
    deployments[line.text("deploymentID")] = deployment_row(line);
  }
  std::map<std::string, SightingRow> photos;
  std::vector<SightingRow> rows;
  for (std::size_t i = 0; i < tables.media.rows.size(); ++i) {
    const TableLine line(tables.media, i, source);
    SightingRow row = deployments[line.text("deploymentID")];
    row.photos = {line.text("filePath")};
    photos[line.text("mediaID")] = row;
    rows.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < tables.observations.rows.size(); ++i) {
    const TableLine line(tables.observations, i, source);
    const auto photo = photos.find(line.text("mediaID"));
    const bool by_person = line.text("classificationMethod") == "human";
    if (photo == photos.end() || line.text("individualID").empty() || !by_person) continue;
    SightingRow row = photo->second;
    if (const std::string event = line.text("eventID"); !event.empty()) row.sighting = event;
    row.individual = line.text("individualID");
    row.sex = line.text("sex");
    row.life_stage = age_class(line.text("lifeStage"));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<std::vector<SightingRow>> read_sightings(const std::string& path,
                                                       const std::string& form) {
  const std::string found = form == "auto" ? form_of(path) : form;
  if (found == "wildbook") return parse_wildbook(read_csv(path), path);
  if (found == "camtrap-dp") {
    auto tables = tables_of(path, {kDeployments, kMedia, kObservations});
    return parse_camtrap({tables[kDeployments], tables[kMedia], tables[kObservations]}, path);
  }
  if (found != "darwin-core") return std::nullopt;
  const bool is_table = std::filesystem::path(path).extension() == ".csv";
  return parse_darwin_core(
      is_table ? read_csv(path) : tables_of(path, {kOccurrences})[kOccurrences], path);
}

}  // namespace finview
