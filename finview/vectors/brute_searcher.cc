#include "finview/base/threads.h"
#include "finview/vectors/nearest_list.h"
#include "finview/vectors/panels.h"
#include "finview/vectors/searchers.h"

#include <algorithm>

namespace finview::internal {
namespace {

/// Queries that go through the panels together, and the bytes of panels that stay in the cache
/// while they do.
constexpr std::size_t kQueriesAtOnce = 16 * kTileRows;
constexpr std::size_t kBytesAtOnce = std::size_t{256} * 1024;

template <class T>
class BruteSearcher : public NeighborSearcher<T> {
 public:
  BruteSearcher(std::vector<T> rows, std::size_t num_dims, Metric metric, int num_threads)
      : NeighborSearcher<T>(std::move(rows), num_dims, metric, num_threads),
        panels_(this->comparable_rows()) {
    panels_.use_manhattan(this->manhattan());
  }

 private:
  void find(MatrixView<T> queries, bool own, NeighborTable<T>& table) const override {
    const std::size_t num_blocks = (queries.num_rows() + kQueriesAtOnce - 1) / kQueriesAtOnce;
    parallel_for(num_blocks, this->num_threads(), [&](std::size_t block) {
      const std::size_t first = block * kQueriesAtOnce;
      find_block(queries, first, std::min(first + kQueriesAtOnce, queries.num_rows()), own, table);
    });
  }

  void find_block(MatrixView<T> queries,
                  std::size_t first,
                  std::size_t last,
                  bool own,
                  NeighborTable<T>& table) const {
    const std::size_t k = table.k;
    std::vector<NearestList<T>> lists;
    for (std::size_t i = first; i < last; ++i) {
      lists.emplace_back(std::span(table.indices).subspan(i * k, k),
                         std::span(table.distances).subspan(i * k, k));
    }
    const std::size_t panel_bytes = 64 * panels_.num_dims();
    const std::size_t step = std::max<std::size_t>(1, kBytesAtOnce / panel_bytes);
    for (std::size_t panel = 0; panel < panels_.num_panels(); panel += step) {
      const std::size_t panel_end = std::min(panel + step, panels_.num_panels());
      for (std::size_t i = first; i < last; i += kTileRows) {
        const std::size_t num_rows = std::min(kTileRows, last - i);
        const T* rows[kTileRows] = {};
        for (std::size_t r = 0; r < num_rows; ++r) rows[r] = queries.row(i + r).data();
        for (std::size_t p = panel; p < panel_end; ++p) {
          offer_panel(rows, num_rows, p, own ? i : this->num_rows(), &lists[i - first]);
        }
      }
    }
  }

  /// @param own_row  which row the first query is itself
  void offer_panel(const T* const* rows,
                   std::size_t num_rows,
                   std::size_t panel,
                   std::size_t own_row,
                   NearestList<T>* lists) const {
    alignas(64) T ranks[kTileRows * kLanes<T>];
    panels_.ranks(rows, num_rows, panel, ranks);
    for (std::size_t r = 0; r < num_rows; ++r) {
      const T* mine = ranks + r * kLanes<T>;
      const T limit = lists[r].limit();
      int num_closer = 0;
      for (std::size_t lane = 0; lane < kLanes<T>; ++lane) num_closer += mine[lane] < limit ? 1 : 0;
      if (num_closer == 0) continue;  // rows come by index: an equal one would come too late
      for (std::size_t lane = 0; lane < kLanes<T>; ++lane) {
        const std::size_t index = panel * kLanes<T> + lane;
        if (mine[lane] >= lists[r].limit() || index == own_row + r) continue;
        lists[r].offer(mine[lane], static_cast<std::uint32_t>(index));
      }
    }
  }

  void find_within(MatrixView<T> queries,
                   double radius,
                   std::span<std::vector<std::uint32_t>> found) const override {
    alignas(64) T ranks[kTileRows * kLanes<T>];
    const T* rows[kTileRows] = {};
    for (std::size_t r = 0; r < found.size(); ++r) rows[r] = queries.row(r).data();
    const T limit = rank_not_below<T>(radius, this->metric());
    for (std::size_t panel = 0; panel < panels_.num_panels(); ++panel) {
      panels_.ranks(rows, found.size(), panel, ranks);
      for (std::size_t i = 0; i < found.size() * kLanes<T>; ++i) {
        if (ranks[i] > limit || distance_from_rank(ranks[i], this->metric()) > radius) continue;
        found[i / kLanes<T>].push_back(
            static_cast<std::uint32_t>(panel * kLanes<T> + i % kLanes<T>));
      }
    }
  }

  Panels<T> panels_;
};

}  // namespace

template <class T>
std::unique_ptr<NeighborSearcher<T>> create_brute_searcher(std::vector<T> rows,
                                                           std::size_t num_dims,
                                                           Metric metric,
                                                           int num_threads) {
  return std::make_unique<BruteSearcher<T>>(std::move(rows), num_dims, metric, num_threads);
}

template std::unique_ptr<NeighborSearcher<float>> create_brute_searcher(std::vector<float>,
                                                                        std::size_t,
                                                                        Metric,
                                                                        int);
template std::unique_ptr<NeighborSearcher<double>> create_brute_searcher(std::vector<double>,
                                                                         std::size_t,
                                                                         Metric,
                                                                         int);

}  // namespace finview::internal
