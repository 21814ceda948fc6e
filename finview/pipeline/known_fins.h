#pragma once

#include "finview/catalogue/catalogue.h"
#include "finview/match/answer.h"

#include <map>
#include <string>
#include <vector>

namespace finview {

/// What a catalogue knows: its confirmed fins as a gallery, the calibration fitted to it, and the
/// way back from its names to rows.
struct KnownFins {
  Gallery gallery{{}, {}};
  FittedCalibration calibration;
  std::vector<FinId> fins;  ///< in the order of the gallery's entries
  std::map<std::string, IndividualId> individuals;
};

/// Reads every confirmed fin with a signature of `recipe`. Individuals are named by their codes.
KnownFins known_fins(const Catalogue& catalogue,
                     const std::string& recipe,
                     const MatchOptions& options);

}  // namespace finview
