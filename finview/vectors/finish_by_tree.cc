#include "finview/base/threads.h"
#include "finview/vectors/forest.h"
#include "finview/vectors/kd_tree.h"
#include "finview/vectors/panels.h"

#include <algorithm>
#include <atomic>

namespace finview::internal {
namespace {

constexpr std::size_t kQueriesAtOnce = 256;
constexpr std::uint32_t kMixed = std::numeric_limits<std::uint32_t>::max();

void lower(std::atomic<double>& limit, double value) {
  double seen = limit.load(std::memory_order_relaxed);
  while (value < seen && !limit.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {
  }
}

/// Borůvka's steps with a k-d tree. Everything is kept in the tree's order.
class TreeBoruvka {
 public:
  TreeBoruvka(const Reachability& reach, Forest& forest)
      : reach_(reach),
        forest_(forest),
        tree_(reach.rows, reach.metric == Metric::kManhattan),
        cores_(forest.num_rows()),
        components_(forest.num_rows()),
        node_component_(tree_.nodes().size()),
        node_core_(tree_.nodes().size(), std::numeric_limits<double>::infinity()) {
    for (std::size_t place = 0; place < cores_.size(); ++place) {
      cores_[place] = reach.core_ranks[tree_.order()[place]];
    }
    for (std::size_t i = tree_.nodes().size(); i-- > 0;) {
      const auto& node = tree_.nodes()[i];
      for (std::size_t place = node.begin; place < node.end; ++place) {
        node_core_[i] = std::min(node_core_[i], cores_[place]);
      }
    }
  }

  /// Joins every component to its nearest.
  void step() {
    note_components();
    // The shortest edge weight known of each component; only prunes, so that it may be lowered by
    // all threads at any time without changing the result.
    std::vector<std::atomic<double>> limits(forest_.num_components());
    for (auto& limit : limits) limit = std::numeric_limits<double>::infinity();
    std::vector<RankedEdge> nearest(forest_.num_rows());
    const std::size_t num_blocks = (cores_.size() + kQueriesAtOnce - 1) / kQueriesAtOnce;
    parallel_for(num_blocks, reach_.num_threads, [&](std::size_t block) {
      const std::size_t last = std::min((block + 1) * kQueriesAtOnce, cores_.size());
      for (std::size_t place = block * kQueriesAtOnce; place < last; ++place) {
        nearest[place] = nearest_of(place, limits[components_[place]]);
      }
    });
    std::vector<RankedEdge> shortest(limits.size());
    for (std::size_t place = 0; place < nearest.size(); ++place) {
      RankedEdge& best = shortest[components_[place]];
      if (nearest[place].is_before(best)) best = nearest[place];
    }
    for (const RankedEdge& edge : shortest) forest_.join(reach_.edge(edge));
  }

 private:
  void note_components() {
    const std::vector<std::uint32_t> of_row = forest_.components();
    for (std::size_t place = 0; place < of_row.size(); ++place) {
      components_[place] = of_row[tree_.order()[place]];
    }
    for (std::size_t i = tree_.nodes().size(); i-- > 0;) {
      const auto& node = tree_.nodes()[i];
      if (node.left != 0) {
        const std::uint32_t left = node_component_[node.left];
        node_component_[i] = left == node_component_[node.right] ? left : kMixed;
        continue;
      }
      node_component_[i] = components_[node.begin];
      for (std::size_t place = node.begin; place < node.end; ++place) {
        if (components_[place] != node_component_[i]) node_component_[i] = kMixed;
      }
    }
  }

  RankedEdge nearest_of(std::size_t place, std::atomic<double>& limit) const {
    RankedEdge best;
    const auto current = [&] { return limit.load(std::memory_order_relaxed); };
    if (cores_[place] > current()) return best;
    const double* query = tree_.rows().row(place).data();
    tree_.search(
        query,
        current,
        [&](std::uint32_t node) {
          return node_component_[node] == components_[place] || node_core_[node] > current();
        },
        [&](std::size_t other) {
          if (components_[other] == components_[place] || cores_[other] > current()) return;
          const double rank = tree_.rank(query, other);
          const double weight = std::max({rank, cores_[place], cores_[other]});
          if (weight > current()) return;
          lower(limit, weight);
          const RankedEdge edge{weight, rank, tree_.order()[place], tree_.order()[other]};
          if (edge.is_before(best)) best = edge;
        });
    return best;
  }

  const Reachability& reach_;
  Forest& forest_;
  KdTree<double> tree_;
  std::vector<double> cores_;
  std::vector<std::uint32_t> components_;
  std::vector<std::uint32_t> node_component_;  ///< kMixed: rows of several
  std::vector<double> node_core_;              ///< smallest
};

}  // namespace

void finish_by_tree(const Reachability& reach, Forest& forest) {
  if (forest.num_components() < 2) return;
  TreeBoruvka boruvka(reach, forest);
  while (forest.num_components() > 1) boruvka.step();
}

}  // namespace finview::internal
