#pragma once

#include "finview/vectors/matrix.h"
#include "finview/vectors/neighbors.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace finview {

/// Local outlier factors: about 1 inside a group; clearly above 1 for a row whose surroundings are
/// sparser than its neighbors' own, e.g. a mislabelled or blurred fin, or a stranger.
///
/// Source: Breunig, Kriegel, Ng & Sander, "LOF: Identifying Density-Based Local Outliers", SIGMOD
/// 2000, definitions 5-7, with exactly k neighbors where several are equally far. A row with k
/// exact copies gets 1. Checked against scikit-learn 1.2 in outliers_test.cc.
class LocalOutliers {
 public:
  /// @param k  neighbors looked at; above n - 1 it counts as n - 1. 10 to 30 is usual.
  /// Throws Error{kBadInput} as `NeighborSearcher::create` does and for k 0. O(n k) after the
  /// search.
  LocalOutliers(MatrixView<double> rows, Metric metric, std::size_t k, int num_threads);

  /// Of each row among the others. A single row gets 1.
  const std::vector<double>& factors() const { return factors_; }

  /// Of new rows among the fitted ones, to which they are not added.
  std::vector<double> factors_of_new(MatrixView<double> queries) const;

 private:
  double density(std::span<const std::uint32_t> neighbors, std::span<const double> distances) const;

  std::size_t k_;
  std::unique_ptr<NeighborSearcher<double>> searcher_;
  std::vector<double> reaches_;    ///< distance of each row's k-th neighbor
  std::vector<double> densities_;  ///< local reachability density of each row
  std::vector<double> factors_;
};

}  // namespace finview
