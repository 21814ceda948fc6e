#pragma once

#include "finview/outline/fin_outline.h"

#include <vector>

namespace finview {

/// Compares one fin's trailing edge with many others.
///
/// Normalized cross-correlation of the signals, channel by channel, where one edge is stretched
/// against the other by 33 factors from 0.55 to 1.82 (the lower end of the one is seldom that of
/// the other) and moved by up to 5 % of its height; the best position counts. A share of a typical
/// edge's variance is added to the energies, so that smooth edges are like nobody. Immutable, so
/// any number of threads may ask.
class EdgeMatcher {
 public:
  /// Throws Error{kBadInput} if the signals are not kNumChannels x kNumSamples.
  explicit EdgeMatcher(const FinEdge& query);

  /// In [-1.05, 1]. Photos of two individuals have 0.37, give or take 0.07; of one shark 0.49, of
  /// one well notched dolphin 0.72, give or take 0.14. The order of the two does not matter. Throws
  /// as the constructor. About 0.1 ms.
  double similarity(const FinEdge& other) const;

  /// The channels that count, stretched, with running sums for means and energies of any part.
  /// Rows lie one after the other: `count` values, `count` + 1 sums before each of them.
  struct Stretched {
    int count = 0;
    std::vector<float> values;
    std::vector<double> sums;
    std::vector<double> square_sums;
  };

 private:
  std::vector<Stretched> stretched_;  ///< by factor
};

/// `EdgeMatcher(a).similarity(b)`.
double edge_similarity(const FinEdge& a, const FinEdge& b);

/// Largest cosine between a view of one edge and a view of another; each argument holds
/// FinEdge::kNumViews unit vectors of the edge network. 0 where one is empty.
double edge_view_similarity(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace finview
