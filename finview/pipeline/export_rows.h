#pragma once

#include "finview/catalogue/catalogue.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace finview::internal {

/// What an export is made from: everything but the trash, discarded fins and merged individuals.
struct ExportRows {
  explicit ExportRows(const Catalogue& catalogue);

  std::map<SurveyId, SurveyRecord> surveys;
  std::map<EncounterId, EncounterRecord> encounters;
  std::map<IndividualId, IndividualRecord> individuals;
  std::map<PhotoId, PhotoRecord> photos;
  std::map<PhotoId, std::vector<FinRecord>> fins;                     ///< of photos with fins
  std::map<DecisionId, std::pair<std::string, std::string>> decided;  ///< who and when

  /// Empty rows where there is none.
  const EncounterRecord& encounter(EncounterId id) const;
  const SurveyRecord& survey_of(const EncounterRecord& encounter) const;
  const IndividualRecord& individual(IndividualId id) const;
};

/// An individual seen in one encounter, or on one day if its photos are of none.
struct Sighting {
  IndividualId individual;
  EncounterId encounter;
  std::string day;  ///< of the first photo; empty = not known
  std::vector<const FinRecord*> fins;
};

/// In order of day, encounter and individual. Confirmed and, if asked for, provisional fins count.
std::vector<Sighting> sightings(const ExportRows& rows, bool provisional);

/// "waiting", "confirmed", "provisional", "unsure", "discarded".
const char* to_string(Review review);
/// Throws Error{kBadInput}.
Review review_named(const std::string& name);

/// Names that may stand in an archive: relative, with '/', each once, UTF-8.
std::map<PhotoId, std::string> archive_names(const ExportRows& rows);

}  // namespace finview::internal
