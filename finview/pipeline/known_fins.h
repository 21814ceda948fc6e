#pragma once

#include "finview/catalogue/catalogue.h"
#include "finview/match/answer.h"

#include <map>
#include <string>
#include <vector>

namespace finview {

/// What a catalogue knows: its confirmed fins as a gallery, and the way back from its names to
/// rows.
struct KnownFins {
  Gallery gallery{{}, {}};
  std::vector<FinId> fins;               ///< in the order of the gallery's entries
  std::vector<std::string> photo_names;  ///< likewise
  std::map<std::string, IndividualId> individuals;
};

/// Reads every confirmed fin with a signature of `recipe`. Individuals are named by their codes.
KnownFins known_fins(const Catalogue& catalogue, const std::string& recipe);

/// The calibration fitted to them.
FittedCalibration calibrate(const KnownFins& known, const MatchOptions& options);

/// Day and encounter: fins of one group are near-copies. Empty = not known.
std::string group_of(const FinRecord& fin);

}  // namespace finview
