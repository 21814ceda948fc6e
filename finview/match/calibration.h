#pragma once

#include "finview/match/gallery.h"

#include <cstddef>
#include <span>
#include <vector>

namespace finview {

/// Turns similarities into probabilities: a softmax over `sharpness * similarity` of every
/// individual and of "nobody known", whose similarity is taken as `new_similarity`.
struct Calibration {
  double sharpness = 30;
  double new_similarity = 0.5;
};

struct Probabilities {
  std::vector<double> individuals;  ///< in the order of the similarities
  double p_new = 1;                 ///< 1 if there is no individual
};

Probabilities probabilities(std::span<const IndividualSimilarity> similarities,
                            const Calibration& calibration);

/// What a calibration was fitted on.
struct FittedCalibration {
  Calibration calibration;
  std::size_t num_known_queries = 0;     ///< photos whose individual has a photo of another group
  std::size_t num_stranger_queries = 0;  ///< photos asked with their individual taken out
};

/// Fits the calibration to a catalogue by leave-one-out.
///
/// Every photo asks twice: against the rest without its own group (the truth is its individual),
/// and against the rest without its individual (the truth is "nobody known"). The mean log loss of
/// both kinds, weighted 1 - `new_share` and `new_share`, is least at the result. `prior` counts as
/// ten queries, so that it rules where the catalogue is too small. At most 1,000 photos ask, evenly
/// spread. Deterministic. O(photos asked x photos).
///
/// @param new_share  share of fins whose individual is expected not to be in the catalogue, (0, 1)
FittedCalibration fit_calibration(const Gallery& gallery,
                                  std::size_t best_photos,
                                  double new_share,
                                  const Calibration& prior);

}  // namespace finview
