#pragma once

#include "finview/vectors/neighbors.h"

#include <cstdint>
#include <span>
#include <vector>

namespace finview::internal {

/// How far each row's neighborhood reaches: the weight of a neighbor is
/// exp(-(distance - nearest) / scale), 1 at most.
struct LocalScale {
  std::vector<double> scales;    ///< sigma: makes the weights sum to log2(k + 1)
  std::vector<double> nearests;  ///< rho: distance of the nearest neighbor that is no copy
};

/// Fits the scales to a table of the k nearest other rows.
/// @param from_nearest  distances count from the nearest neighbor on, so that every row has one
/// near
///                      neighbor; otherwise from 0
/// Source: McInnes, Healy & Melville, "UMAP: Uniform Manifold Approximation and Projection for
/// Dimension Reduction", arXiv 1802.03426, algorithm 3.
LocalScale fit_local_scales(const NeighborTable<float>& table, bool from_nearest);

/// Weight of each neighbor of the table, in (0, 1].
std::vector<float> neighbor_weights(const NeighborTable<float>& table, const LocalScale& scale);

/// Weighted edges between rows, each held at both ends: row i's are offsets[i] … offsets[i + 1].
struct FuzzyGraph {
  std::vector<std::size_t> offsets;
  std::vector<std::uint32_t> neighbors;  ///< ascending for each row
  std::vector<float> weights;            ///< in (0, 1]

  std::size_t num_rows() const { return offsets.size() - 1; }
};

/// The symmetric graph: a + b - a b of the weights seen from both ends (section 3.1 there).
FuzzyGraph make_fuzzy_graph(const NeighborTable<float>& table, std::span<const float> weights);

/// Weakens edges between rows of different labels, and a little those of unknown ones (-1), then
/// makes every row's strongest edge 1 again.
/// @param target_weight  0: labels do not matter, 1: nothing else does
/// Source: the documentation and behavior of umap-learn 0.5 (categorical target).
FuzzyGraph intersect_with_labels(const FuzzyGraph& graph,
                                 std::span<const std::int32_t> labels,
                                 double target_weight);

/// Connected component of each row, numbered in the order of their first rows.
std::vector<std::uint32_t> graph_components(const FuzzyGraph& graph);

/// The curve 1 / (1 + a d^2b) nearest to 1 up to `min_dist` and exp(-(d - min_dist) / spread)
/// beyond, on [0, 3 spread], in the least-squares sense.
struct CurveParameters {
  double a = 0;
  double b = 0;
};
CurveParameters fit_curve(double spread, double min_dist);

}  // namespace finview::internal
