#pragma once

#include "finview/vectors/hdbscan.h"
#include "finview/vectors/neighbors.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace finview {

struct PredictedLabels {
  std::vector<std::int32_t> labels;   ///< of each query; -1 noise
  std::vector<double> probabilities;  ///< 0 for noise
};

/// Where new rows would fall in a clustering that is not made anew.
class HdbscanPredictor {
 public:
  /// @param rows, options  what `result` was made of
  /// `result` must outlive the predictor.
  HdbscanPredictor(MatrixView<double> rows,
                   const HdbscanOptions& options,
                   const HdbscanResult& result,
                   int num_threads);

  /// The cluster each query would join by its shortest mutual reachability distance. Each query by
  /// itself: the others do not matter. Throws Error{kBadInput} as `NeighborSearcher::of_queries`.
  PredictedLabels predict(MatrixView<double> queries) const;

  /// How much each query belongs to each cluster: num_queries x num_clusters. A row sums to the
  /// probability that it belongs to any, 1 at most.
  ///
  /// The share of each cluster is sqrt(nearness) * (density)^2, normalized: nearness is the inverse
  /// distance to the cluster's most lasting rows, density exp(-death / lambda) with the lambda at
  /// which the query and the cluster hang together. The sum is that lambda over the death of the
  /// cluster it hangs together with first. Ours; after the idea of soft clustering in the
  /// documentation of hdbscan.
  std::vector<double> memberships(MatrixView<double> queries) const;

 private:
  /// The cluster of the hierarchy a query joins, and at which lambda.
  struct Joined {
    std::uint32_t cluster = 0;
    double lambda = 0;
  };

  std::vector<Joined> join(MatrixView<double> queries) const;
  double joint_lambda(const Joined& joined, std::uint32_t cluster) const;
  double death_of(std::uint32_t cluster) const;
  std::vector<double> exemplar_distances(MatrixView<double> queries) const;

  const HdbscanResult& result_;
  std::size_t min_samples_;
  std::unique_ptr<NeighborSearcher<double>> searcher_;
  std::vector<std::int32_t> label_of_;  ///< of each cluster of the hierarchy; -1: of none
  std::vector<std::unique_ptr<NeighborSearcher<double>>> exemplars_;  ///< of each label
};

}  // namespace finview
