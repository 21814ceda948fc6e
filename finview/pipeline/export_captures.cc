#include "finview/base/csv.h"
#include "finview/base/files.h"
#include "finview/pipeline/export_rows.h"
#include "finview/pipeline/exports.h"

#include <algorithm>

#include <fmt/format.h>

// Capture histories: who was seen in which occasion.
namespace finview {
namespace {

using internal::ExportRows;

// The occasion of a photo, first what sorts it; empty = it has none.
std::pair<std::string, std::string> occasion(const ExportRows& rows,
                                             const std::string& rule,
                                             const std::string& taken,
                                             EncounterId encounter_id) {
  const EncounterRecord& encounter = rows.encounter(encounter_id);
  const std::string time = taken.empty() ? encounter.began : taken;
  if (rule == "year") return {time.substr(0, 4), time.substr(0, 4)};
  if (rule == "month") return {time.substr(0, 7), time.substr(0, 7)};
  if (rule == "encounter") return {encounter.began, encounter.code};
  if (rule == "survey") {
    const SurveyRecord& survey = rows.survey_of(encounter);
    return {survey.began, survey.code};
  }
  return {time.substr(0, 10), time.substr(0, 10)};
}

struct Histories {
  std::vector<std::string> occasions;      ///< in time
  std::map<IndividualId, std::string> of;  ///< a '0' or '1' per occasion
};

Histories histories(const ExportRows& rows, const std::string& rule) {
  // Occasions without a capture count, too: somebody was there and photographed.
  std::set<std::pair<std::string, std::string>> all;
  for (const auto& [id, photo] : rows.photos) {
    const auto when = occasion(rows, rule, photo.taken, photo.encounter);
    if (!when.second.empty()) all.insert(when);
  }
  Histories histories;
  std::map<std::string, std::size_t> index;
  for (const auto& [order, name] : all) {
    if (index.emplace(name, histories.occasions.size()).second) histories.occasions.push_back(name);
  }
  for (const auto& [photo, fins] : rows.fins) {
    for (const FinRecord& fin : fins) {
      if (fin.review != Review::kConfirmed || !rows.individuals.contains(fin.individual)) continue;
      const auto when = occasion(rows, rule, fin.taken, fin.encounter);
      if (when.second.empty()) continue;
      std::string& history = histories.of[fin.individual];
      if (history.empty()) history.assign(histories.occasions.size(), '0');
      history[index.at(when.second)] = '1';
    }
  }
  return histories;
}

// Text inside a comment of MARK.
std::string in_comment(std::string text) {
  for (std::size_t at; (at = text.find("*/")) != std::string::npos;) text.replace(at, 2, "* ");
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

void export_mark(const Catalogue& catalogue,
                 const ExportOptions& options,
                 const std::filesystem::path& out) {
  check_options(options);
  const ExportRows rows(catalogue);
  const Histories found = histories(rows, options.session);
  std::string text = "/* occasions:";
  for (const std::string& occasion : found.occasions) text += " " + in_comment(occasion);
  text += " */\n";
  for (const auto& [individual, history] : found.of) {
    text += fmt::format("/* {} */ {} 1;\n", in_comment(rows.individual(individual).code), history);
  }
  write_file(out, text);
}

void export_rmark(const Catalogue& catalogue,
                  const ExportOptions& options,
                  const std::filesystem::path& out) {
  check_options(options);
  const ExportRows rows(catalogue);
  std::string text = csv_line({"ch", "freq", "id", "sex"});
  for (const auto& [individual, history] : histories(rows, options.session).of) {
    const IndividualRecord& row = rows.individual(individual);
    text += csv_line({history, "1", row.code, row.sex});
  }
  write_file(out, text);
}

void export_socprog(const Catalogue& catalogue,
                    const ExportOptions& options,
                    const std::filesystem::path& out) {
  check_options(options);
  const ExportRows rows(catalogue);
  std::set<std::vector<std::string>> lines;
  for (const internal::Sighting& sighting : internal::sightings(rows, false)) {
    const auto when = occasion(rows, options.session, sighting.day, sighting.encounter);
    if (when.second.empty()) continue;
    const EncounterRecord& encounter = rows.encounter(sighting.encounter);
    std::string time = encounter.began.empty() ? sighting.day : encounter.began;
    std::replace(time.begin(), time.end(), 'T', ' ');
    const IndividualRecord& individual = rows.individual(sighting.individual);
    lines.insert({time, when.second, individual.code, encounter.code, individual.sex});
  }
  std::string text = csv_line({"Date", "Session", "ID", "Group", "Sex"});
  for (const auto& line : lines) text += csv_line(line);
  write_file(out, text);
}

}  // namespace finview
