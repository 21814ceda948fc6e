#pragma once

#include "finview/match/gallery.h"

#include <cstddef>
#include <span>
#include <vector>

namespace finview {

/// What each witness's word is worth: the weights of a softmax over all individuals and "nobody
/// known".
struct WitnessWeights {
  double look = 0;
  double edge = 0;
  double edge_network = 0;
  double nobody = 0;  ///< logit of "nobody known"
};

/// Turns similarities into probabilities.
///
/// An individual's logit is the weighted sum of its similarities, where an individual without an
/// edge gets `kUnknownEdge` and `kUnknownEdgeNetwork`. Queries without an edge have weights of
/// their own.
struct Calibration {
  WitnessWeights with_edge;
  WitnessWeights without_edge;
};

/// The similarities assumed where there is no edge to compare: what other individuals reach (best
/// photo of each; 99 sharks without labels against 33 individuals: 0.37 and 0.45).
inline constexpr double kUnknownEdge = 0.35;
inline constexpr double kUnknownEdgeNetwork = 0.45;

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
/// both kinds, weighted 1 - `new_share` and `new_share`, is convex in the weights and is made
/// least by Newton's method; no weight falls below 0. `prior` counts as ten queries, so that it
/// rules where the catalogue is too small. Photos ask evenly spread, as many as 250,000 comparisons
/// allow, on `num_threads` threads; the result does not depend on their number.
///
/// @param new_share  share of fins whose individual is expected not to be in the catalogue, (0, 1)
FittedCalibration fit_calibration(const Gallery& gallery,
                                  std::size_t best_photos,
                                  double new_share,
                                  const Calibration& prior,
                                  int num_threads);

}  // namespace finview
