#pragma once

#include "finview/outline/fin_outline.h"

#include <array>
#include <vector>

namespace finview {

/// Compares one fin's trailing edge with many others.
///
/// Normalized cross-correlation of the signals, one channel at a time, where one edge is stretched
/// by 17 factors from 0.72 to 1.39 (its lower end is seldom the other's) and moved by 5 shifts of
/// up to 4 %; the best position counts. Smooth edges correlate with nothing: a typical channel's
/// variance is added to the energies. Immutable, so any number of threads may ask.
class EdgeMatcher {
 public:
  /// Throws Error{kBadInput} if the signals are not kNumChannels x kNumSamples.
  explicit EdgeMatcher(const FinEdge& query);

  /// About 1 for the same edge, 0 for strangers, at least -1.15; the order of the two does not
  /// matter. Throws as the constructor.
  double similarity(const FinEdge& other) const;

  static constexpr int kNumScales = 17;
  static constexpr int kNumUsed = 7;  ///< channels that count

  /// One edge's signals, stretched, with running sums for means and energies over any stretch.
  struct Stretched {
    int count = 0;                                          ///< samples per channel
    std::array<std::vector<float>, kNumUsed> values;        ///< by channel
    std::array<std::vector<double>, kNumUsed> sums;         ///< count + 1: before each sample
    std::array<std::vector<double>, kNumUsed> square_sums;  ///< likewise
  };

 private:
  Stretched plain_;
  std::vector<Stretched> scaled_;
};

/// `EdgeMatcher(a).similarity(b)`.
double edge_similarity(const FinEdge& a, const FinEdge& b);

}  // namespace finview
