#pragma once

#include "finview/outline/fin_outline.h"

#include <vector>

namespace finview {

/// Compares one fin's trailing edge with many others, letting either be stretched unevenly, as
/// another angle of view stretches it.
///
/// Dynamic time warping with open ends of the signals' 128 averages: a path may skip the first 6 %
/// of either edge and the last 25 %, and never strays by more than 20 % of the edge. Sakoe & Chiba,
/// "Dynamic programming algorithm optimization for spoken word recognition", IEEE ASSP 26, 1978,
/// with their symmetric steps, whose cost divides by the way gone. Immutable, so any number of
/// threads may ask.
class EdgeWarper {
 public:
  static constexpr int kNumSamples = 128;
  static constexpr int kNumChannels = 7;

  /// A place of one edge that met a place of another, in [0, 1] of their heights.
  struct Pair {
    double query = 0;
    double other = 0;
  };

  /// Throws Error{kBadInput} if the signals are not kNumChannels x kNumSamples of FinEdge.
  explicit EdgeWarper(const FinEdge& query);

  /// 1 less the mean distance along the best path; 1 for the same edge, about 0 for edges that have
  /// nothing in common. The order of the two does not matter. Throws as the constructor. About
  /// 0.1 ms.
  double similarity(const FinEdge& other) const;

  /// The best path, from the tip down.
  std::vector<Pair> path(const FinEdge& other) const;

 private:
  std::vector<float> query_;  ///< kNumSamples x kNumChannels
};

}  // namespace finview
