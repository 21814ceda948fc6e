#pragma once

#include "finview/vectors/matrix.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace finview {

/// An edge between two rows.
struct SpanningEdge {
  std::uint32_t a = 0;  ///< a < b
  std::uint32_t b = 0;
  double weight = 0;    ///< mutual reachability: max(distance, core distances of both)
  double distance = 0;  ///< in the metric
};

/// The shortest tree that joins all rows.
struct SpanningTree {
  std::vector<SpanningEdge> edges;     ///< n - 1, shortest first
  std::vector<double> core_distances;  ///< of each row, to its min_samples-th other row
};

/// Exact minimum spanning tree of mutual reachability distances.
///
/// Edges of equal weight are ordered by their distance, then by index: where distances are all
/// different, the tree is unique and does not depend on the order of rows. Never by the number of
/// threads. `min_samples` above n - 1 counts as n - 1. Throws Error{kBadInput} as
/// `NeighborSearcher::create` does and for min_samples 0. O(n log n) in few dimensions, otherwise
/// O(n^2 d) in blocks. Source: Campello, Moulavi, Zimek & Sander, "Hierarchical Density Estimates
/// for Data Clustering, Visualization, and Outlier Detection", TKDD 10(1), 2015, section 3;
/// Borůvka's algorithm, begun from nearest-neighbor lists as far as they prove an edge the
/// shortest.
SpanningTree mutual_reachability_tree(MatrixView<double> rows,
                                      Metric metric,
                                      std::size_t min_samples,
                                      int num_threads);

}  // namespace finview
