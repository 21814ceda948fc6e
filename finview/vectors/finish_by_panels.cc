#include "finview/base/threads.h"
#include "finview/vectors/forest.h"
#include "finview/vectors/panels.h"

#include <algorithm>
#include <mutex>

namespace finview::internal {
namespace {

constexpr std::size_t kLane = kLanes<double>;
constexpr std::size_t kRowsAtOnce = 16 * kTileRows;
constexpr std::size_t kBytesAtOnce = std::size_t{256} * 1024;
/// With up to this many components the shortest edges of all pairs of them are kept (24 bytes each)
/// and one comparison of all rows is enough.
constexpr std::size_t kMaxPairComponents = 4096;

/// Compares the rows of different components, each pair once.
class Scan {
 public:
  Scan(const Reachability& reach, std::vector<std::uint32_t> components, std::size_t num_components)
      : reach_(reach),
        components_(std::move(components)),
        num_components_(num_components),
        order_(sorted_rows()),
        panels_(reach.rows, order_) {
    panels_.use_manhattan(reach.metric == Metric::kManhattan);
    ends_.resize(num_components);
    for (std::size_t place = 0; place < order_.size(); ++place)
      ends_[component_at(place)] = place + 1;
    const std::size_t num_places = panels_.num_panels() * kLane;
    cores_.assign(num_places, std::numeric_limits<double>::infinity());
    for (std::size_t place = 0; place < order_.size(); ++place) {
      cores_[place] = reach.core_ranks[order_[place]];
    }
    for (std::size_t begin = 0; begin < order_.size(); begin = blocks_.back().second) {
      blocks_.emplace_back(begin, std::min(begin + kRowsAtOnce, ends_[component_at(begin)]));
    }
  }

  /// Calls `take(component, shortest)` for blocks of rows of one component: the shortest edges to
  /// each later component. One call at a time.
  template <class Take>
  void run(const Take& take) const {
    std::mutex mutex;
    parallel_for(blocks_.size(), reach_.num_threads, [&](std::size_t block) {
      const auto [begin, end] = blocks_[block];
      const std::vector<RankedEdge> shortest = scan_block(begin, end);
      const std::lock_guard lock(mutex);
      take(component_at(begin), shortest);
    });
  }

 private:
  std::vector<std::uint32_t> sorted_rows() const {
    std::vector<std::uint32_t> order(components_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return components_[a] < components_[b];
    });
    return order;
  }

  std::uint32_t component_at(std::size_t place) const { return components_[order_[place]]; }

  std::vector<RankedEdge> scan_block(std::size_t begin, std::size_t end) const {
    std::vector<RankedEdge> shortest(num_components_);
    const std::size_t later = ends_[component_at(begin)];
    const std::size_t step = std::max<std::size_t>(1, kBytesAtOnce / (64 * panels_.num_dims()));
    for (std::size_t panel = later / kLane; panel < panels_.num_panels(); panel += step) {
      const std::size_t panel_end = std::min(panel + step, panels_.num_panels());
      for (std::size_t place = begin; place < end; place += kTileRows) {
        for (std::size_t p = panel; p < panel_end; ++p) {
          scan_tile(place, std::min(kTileRows, end - place), p, later, shortest);
        }
      }
    }
    return shortest;
  }

  void scan_tile(std::size_t first,
                 std::size_t count,
                 std::size_t panel,
                 std::size_t later,
                 std::vector<RankedEdge>& shortest) const {
    alignas(64) double ranks[kTileRows * kLane];
    const double* rows[kTileRows] = {};
    for (std::size_t r = 0; r < count; ++r) {
      rows[r] = reach_.rows.row(order_[first + r]).data();
    }
    panels_.ranks(rows, count, panel, ranks);
    const std::size_t begin = std::max(panel * kLane, later);
    const std::size_t end = std::min((panel + 1) * kLane, order_.size());
    for (std::size_t r = 0; r < count; ++r) {
      const double* mine = ranks + r * kLane;
      for (std::size_t place = begin; place < end; ++place) {
        const double rank = mine[place - panel * kLane];
        const double weight = std::max({rank, cores_[first + r], cores_[place]});
        RankedEdge& best = shortest[component_at(place)];
        if (weight > best.weight_rank) continue;
        const RankedEdge edge{weight, rank, order_[first + r], order_[place]};
        if (edge.is_before(best)) best = edge;
      }
    }
  }

  const Reachability& reach_;
  std::vector<std::uint32_t> components_;
  std::size_t num_components_;
  std::vector<std::uint32_t> order_;  ///< rows, by component
  Panels<double> panels_;             ///< in this order
  std::vector<double> cores_;         ///< in this order
  std::vector<std::size_t> ends_;     ///< of each component in this order
  std::vector<std::pair<std::size_t, std::size_t>> blocks_;
};

/// Borůvka's step: the shortest edge of every component.
void join_nearest(const Reachability& reach, Forest& forest) {
  std::vector<RankedEdge> nearest(forest.num_components());
  Scan(reach, forest.components(), forest.num_components())
      .run([&](std::uint32_t component, const std::vector<RankedEdge>& shortest) {
        for (std::size_t c = 0; c < shortest.size(); ++c) {
          if (shortest[c].is_before(nearest[component])) nearest[component] = shortest[c];
          if (shortest[c].is_before(nearest[c])) nearest[c] = shortest[c];
        }
      });
  for (const RankedEdge& edge : nearest) forest.join(reach.edge(edge));
}

/// Kruskal's algorithm on the shortest edges between all pairs of components.
void join_all(const Reachability& reach, Forest& forest) {
  const std::size_t num_components = forest.num_components();
  const auto place_of = [&](std::size_t low, std::size_t high) {
    return low * num_components - low * (low + 1) / 2 + high - low - 1;
  };
  std::vector<RankedEdge> pairs(num_components * (num_components - 1) / 2);
  Scan(reach, forest.components(), num_components)
      .run([&](std::uint32_t component, const std::vector<RankedEdge>& shortest) {
        for (std::size_t c = component + 1; c < num_components; ++c) {
          RankedEdge& best = pairs[place_of(component, c)];
          if (shortest[c].is_before(best)) best = shortest[c];
        }
      });
  std::sort(pairs.begin(), pairs.end(), [](const RankedEdge& x, const RankedEdge& y) {
    return x.is_before(y);
  });
  for (const RankedEdge& edge : pairs) forest.join(reach.edge(edge));
}

}  // namespace

void finish_by_panels(const Reachability& reach, Forest& forest) {
  while (forest.num_components() > kMaxPairComponents) join_nearest(reach, forest);
  if (forest.num_components() > 1) join_all(reach, forest);
}

}  // namespace finview::internal
