#pragma once

#include "finview/catalogue/fins.h"
#include "finview/catalogue/records.h"

#include <optional>
#include <string>
#include <vector>

namespace finview {

class Database;

struct EncounterFilter {
  std::string text;  ///< in code, place or notes, any case
  std::optional<SurveyId> survey;
  std::string sort = "began";  ///< "began", "code", "place", "photos"
  bool descending = false;
  std::int64_t offset = 0;
  std::int64_t limit = 100;  ///< 1 to 1000
};

/// Encounters and the surveys they belong to.
class Encounters {
 public:
  explicit Encounters(Database& database) : database_(database) {}

  /// The row with this code, which may have been there before (then nothing is changed).
  EncounterId add(const EncounterRecord& encounter);
  void change(const EncounterRecord& encounter);  ///< Throws Error{kNotFound}, Error{kConflict}.
  EncounterRecord get(EncounterId id) const;      ///< Throws Error{kNotFound}.
  std::optional<EncounterId> find(const std::string& code) const;
  Page<EncounterRecord> list(const EncounterFilter& filter) const;

  SurveyId add_survey(const SurveyRecord& survey);
  void change_survey(const SurveyRecord& survey);
  SurveyRecord get_survey(SurveyId id) const;
  std::vector<SurveyRecord> surveys() const;

 private:
  Database& database_;
};

}  // namespace finview
