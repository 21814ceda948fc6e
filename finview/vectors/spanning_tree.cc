#include "finview/vectors/spanning_tree.h"

#include "finview/base/error.h"
#include "finview/vectors/forest.h"
#include "finview/vectors/neighbors.h"
#include "finview/vectors/panels.h"
#include "finview/vectors/searchers.h"

#include <algorithm>

namespace finview {
namespace {

using internal::Forest;
using internal::is_shorter;
using internal::kNoEdge;

/// Neighbors each row lists at least; more prove more edges but cost time to find.
constexpr std::size_t kListed = 16;

/// Joins what the lists prove. A component's shortest listed edge is its shortest edge of all if no
/// unlisted one can be shorter: those of a row are at least as long as its last listed neighbor is
/// far.
void join_listed(const NeighborTable<double>& table,
                 std::span<const double> cores,
                 Forest& forest) {
  const bool complete = table.k + 1 == forest.num_rows();
  for (bool joined = true; joined && forest.num_components() > 1;) {
    const std::vector<std::uint32_t> component = forest.components();
    std::vector<SpanningEdge> shortest(forest.num_components(), kNoEdge);
    std::vector<SpanningEdge> unlisted(forest.num_components(), kNoEdge);
    for (std::uint32_t i = 0; i < component.size(); ++i) {
      for (std::size_t r = 0; r < table.k; ++r) {
        const std::uint32_t j = table.indices_of(i)[r];
        if (component[i] == component[j]) continue;
        const double apart = table.distances_of(i)[r];
        const SpanningEdge edge{
            std::min(i, j), std::max(i, j), std::max({apart, cores[i], cores[j]}), apart};
        for (const std::uint32_t c : {component[i], component[j]}) {
          if (is_shorter(edge, shortest[c])) shortest[c] = edge;
        }
      }
      if (complete) continue;
      const double last = table.distances_of(i).back();
      const SpanningEdge bound{0, 0, std::max(last, cores[i]), last};
      if (is_shorter(bound, unlisted[component[i]])) unlisted[component[i]] = bound;
    }
    joined = false;
    for (std::size_t c = 0; c < shortest.size(); ++c) {
      const SpanningEdge& edge = shortest[c];
      if (edge.a == edge.b || !is_shorter(edge, unlisted[c])) continue;
      joined |= forest.join(edge);
    }
  }
}

}  // namespace

SpanningEdge internal::Reachability::edge(const RankedEdge& edge) const {
  return {std::min(edge.a, edge.b),
          std::max(edge.a, edge.b),
          distance_from_rank(edge.weight_rank, metric),
          distance_from_rank(edge.rank, metric)};
}

SpanningTree mutual_reachability_tree(MatrixView<double> rows,
                                      Metric metric,
                                      std::size_t min_samples,
                                      int num_threads) {
  if (min_samples == 0) {
    throw Error(ErrorKind::kBadInput, "The core distance needs at least 1 other row, not 0.");
  }
  SpanningTree tree;
  const std::size_t n = rows.num_rows();
  if (n == 0) return tree;
  const auto searcher =
      NeighborSearcher<double>::create(rows, metric, SearchMethod::kExact, num_threads);
  tree.core_distances.assign(n, 0);
  if (n == 1) return tree;
  const std::size_t k = std::min(n - 1, min_samples);
  std::vector<double> core_ranks(n);
  Forest forest(n);
  {
    const NeighborTable<double> table = searcher->of_rows(std::min(n - 1, std::max(k, kListed)));
    for (std::size_t i = 0; i < n; ++i) {
      const double core = table.distances_of(i)[k - 1];
      tree.core_distances[i] = core;
      core_ranks[i] = metric == Metric::kManhattan   ? core
                      : metric == Metric::kEuclidean ? core * core
                                                     : 2 * core;
    }
    join_listed(table, tree.core_distances, forest);
  }
  const internal::Reachability reach{searcher->comparable_rows(), metric, core_ranks, num_threads};
  if (rows.num_dims() <= internal::kMaxTreeDims) {
    internal::finish_by_tree(reach, forest);
  } else {
    internal::finish_by_panels(reach, forest);
  }
  tree.edges = forest.edges();
  std::sort(tree.edges.begin(), tree.edges.end(), is_shorter);
  return tree;
}

}  // namespace finview
