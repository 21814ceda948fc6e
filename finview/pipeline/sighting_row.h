#pragma once

#include <optional>
#include <string>
#include <vector>

namespace finview {

/// One animal in one encounter, as tables of other programs speak of it. Empty = not said.
struct SightingRow {
  std::string sighting;  ///< the encounter's code
  std::string individual;
  std::string nickname;
  std::string place;
  std::optional<double> latitude_deg;
  std::optional<double> longitude_deg;
  std::string date;        ///< "2012", "2012-03", "2012-03-07", "2012-03-07T14:05" or with seconds
  std::string sex;         ///< "female", "male"
  std::string life_stage;  ///< "calf", "juvenile", "adult"; others are not taken up
  std::string state;       ///< "approved", "unapproved": of Wildbook alone
  std::string survey;
  std::string genus;
  std::string epithet;
  std::string submitter;
  std::vector<std::string> photos;  ///< their names, or the last parts of them

  bool operator==(const SightingRow&) const = default;
};

}  // namespace finview
