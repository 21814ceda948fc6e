#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/export_rows.h"
#include "finview/pipeline/exports.h"
#include "finview/pipeline/wildbook.h"

#include <fmt/format.h>

namespace finview {

void export_wildbook(const Catalogue& catalogue,
                     const ExportOptions& options,
                     const std::filesystem::path& out) {
  check_options(options);
  const std::size_t space = options.scientific_name.find(' ');
  if (space == std::string::npos) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("Wildbook needs genus and species; the scientific name is \"{}\" "
                            "(option --scientific-name).",
                            options.scientific_name));
  }
  const internal::ExportRows rows(catalogue);
  const auto names = internal::archive_names(rows);
  std::vector<SightingRow> table;
  for (const internal::Sighting& sighting : internal::sightings(rows, true)) {
    const IndividualRecord& individual = rows.individual(sighting.individual);
    const EncounterRecord& encounter = rows.encounter(sighting.encounter);
    SightingRow row;
    row.sighting = encounter.code;
    row.individual = individual.code;
    row.nickname = individual.name;
    row.place = encounter.place;
    if (encounter.position) {
      row.latitude_deg = encounter.position->latitude_deg;
      row.longitude_deg = encounter.position->longitude_deg;
    }
    row.date = (encounter.began.empty() ? sighting.day : encounter.began).substr(0, 16);
    row.sex = individual.sex;
    row.life_stage = individual.age_class;
    row.survey = rows.survey_of(encounter).code;
    row.genus = options.scientific_name.substr(0, space);
    row.epithet = options.scientific_name.substr(space + 1);
    bool confirmed = true;
    std::set<PhotoId> photos;
    for (const FinRecord* fin : sighting.fins) {
      confirmed = confirmed && fin->review == Review::kConfirmed;
      if (photos.insert(fin->photo).second) row.photos.push_back(names.at(fin->photo));
      const auto decided = rows.decided.find(fin->last_decision);
      if (decided != rows.decided.end()) row.submitter = decided->second.first;
    }
    row.state = confirmed ? "approved" : "unapproved";
    table.push_back(std::move(row));
  }
  write_file(out, wildbook_text(table));
}

}  // namespace finview
