#pragma once

#include "finview/base/csv.h"

#include <optional>
#include <string>
#include <vector>

namespace finview {

/// One row of Wildbook's bulk import: one animal in one encounter.
struct WildbookRow {
  std::string sighting;    ///< Encounter.sightingID: the encounter
  std::string individual;  ///< Encounter.individualID
  std::string nickname;    ///< MarkedIndividual.nickname
  std::string place;       ///< Encounter.verbatimLocality
  std::optional<double> latitude_deg;
  std::optional<double> longitude_deg;
  std::string date;  ///< "2012", "2012-03", "2012-03-07" or "2012-03-07T14:05"
  std::string sex;   ///< "female", "male" or empty
  std::string life_stage;
  std::string state;   ///< "approved", "unapproved"
  std::string survey;  ///< Survey.id
  std::string genus;
  std::string epithet;
  std::string submitter;
  std::vector<std::string> photos;

  bool operator==(const WildbookRow&) const = default;
};

std::string wildbook_text(const std::vector<WildbookRow>& rows);
/// Throws Error{kBadInput} without a column of photos, or naming the line of a date or a place that
/// is none. Columns it does not know are passed over.
std::vector<WildbookRow> parse_wildbook(const CsvTable& table, const std::string& source);

}  // namespace finview
