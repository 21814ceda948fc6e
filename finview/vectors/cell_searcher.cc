#include "finview/base/threads.h"
#include "finview/vectors/k_means.h"
#include "finview/vectors/nearest_list.h"
#include "finview/vectors/panels.h"
#include "finview/vectors/random.h"
#include "finview/vectors/searchers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace finview::internal {
namespace {

/// Cells per square root of the number of rows, and rows per cell that the cells are fitted to.
constexpr double kCellsPerRoot = 2;
constexpr std::size_t kTrainingRowsPerCell = 24;
/// Cells that are looked into: few for each of the rows themselves, whose neighbors a map wants and
/// can do with most of (docs/maps.md); more for a question (docs/matching.md).
constexpr std::size_t kCellsToProbe = 40;
constexpr std::size_t kCellsToProbeForQuery = 320;
constexpr std::int64_t kRounds = 6;
constexpr std::size_t kQueriesAtOnce = 512;

/// k-means cells, and the rows of each; the inverted file of Jégou, Douze & Schmid, "Product
/// Quantization for Nearest Neighbor Search", PAMI 33(1), 2011, section IV, without quantization.
template <class T>
class CellSearcher : public NeighborSearcher<T> {
 public:
  CellSearcher(std::vector<T> rows, std::size_t num_dims, Metric metric, int num_threads)
      : NeighborSearcher<T>(std::move(rows), num_dims, metric, num_threads) {
    const std::size_t num_rows = this->num_rows();
    const auto num_cells =
        static_cast<std::size_t>(kCellsPerRoot * std::sqrt(static_cast<double>(num_rows)));
    const std::vector<float> sample = draw_sample(kTrainingRowsPerCell * num_cells);
    const std::vector<float> centers =
        k_means(
            {sample, num_dims}, {static_cast<std::int64_t>(num_cells), 1, kRounds, 1}, num_threads)
            .centers;
    // Cells are a Euclidean matter; for sums of absolute differences they are near enough.
    centers_ = create_sieve_searcher<T>(
        {centers.begin(), centers.end()}, num_dims, Metric::kEuclidean, num_threads);
    cell_rows_.resize(num_cells);
    const NeighborTable<T> own = centers_->of_queries(this->comparable_rows(), 1);
    for (std::size_t i = 0; i < num_rows; ++i) {
      cell_rows_[own.indices[i]].push_back(static_cast<std::uint32_t>(i));
    }
    for (const std::vector<std::uint32_t>& members : cell_rows_) {
      panels_.emplace_back(this->comparable_rows(), members);
      panels_.back().use_manhattan(this->manhattan());
    }
  }

 private:
  std::vector<float> draw_sample(std::size_t count) const {
    const std::size_t num_rows = this->num_rows();
    Random random(1);
    std::vector<float> sample;
    std::size_t left = std::min(count, num_rows);
    for (std::size_t i = 0; i < num_rows && left > 0; ++i) {
      if (random.index(num_rows - i) >= left) continue;
      --left;
      const std::span<const T> row = this->comparable_rows().row(i);
      sample.insert(sample.end(), row.begin(), row.end());
    }
    return sample;
  }

  void find(MatrixView<T> queries, bool own, NeighborTable<T>& table) const override {
    const std::size_t num_probes = std::min(
        cell_rows_.size(),
        std::max(own ? kCellsToProbe : kCellsToProbeForQuery, 2 * table.k / kTrainingRowsPerCell));
    const NeighborTable<T> probes = centers_->of_queries(queries, num_probes);
    // Queries of one cell look into much the same cells.
    std::vector<std::uint32_t> order(queries.num_rows());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return probes.indices[a * num_probes] < probes.indices[b * num_probes];
    });
    parallel_for((order.size() + kQueriesAtOnce - 1) / kQueriesAtOnce,
                 this->num_threads(),
                 [&](std::size_t block) {
                   const std::size_t begin = block * kQueriesAtOnce;
                   const std::size_t count = std::min(kQueriesAtOnce, order.size() - begin);
                   find_block(queries, std::span(order).subspan(begin, count), probes, own, table);
                 });
  }

  void find_block(MatrixView<T> queries,
                  std::span<const std::uint32_t> block,
                  const NeighborTable<T>& probes,
                  bool own,
                  NeighborTable<T>& table) const {
    std::vector<NearestList<T>> lists;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> visits;  // cell, place in the block
    for (std::size_t i = 0; i < block.size(); ++i) {
      lists.emplace_back(std::span(table.indices).subspan(block[i] * table.k, table.k),
                         std::span(table.distances).subspan(block[i] * table.k, table.k));
      for (const std::uint32_t cell : probes.indices_of(block[i])) {
        visits.emplace_back(cell, static_cast<std::uint32_t>(i));
      }
    }
    std::sort(visits.begin(), visits.end());
    for (std::size_t i = 0; i < visits.size();) {
      std::size_t count = 1;
      while (count < kTileRows && i + count < visits.size() &&
             visits[i + count].first == visits[i].first) {
        ++count;
      }
      visit_cell(queries, block, std::span(visits).subspan(i, count), own, lists);
      i += count;
    }
  }

  void visit_cell(MatrixView<T> queries,
                  std::span<const std::uint32_t> block,
                  std::span<const std::pair<std::uint32_t, std::uint32_t>> visits,
                  bool own,
                  std::vector<NearestList<T>>& lists) const {
    const std::size_t cell = visits.front().first;
    const std::vector<std::uint32_t>& members = cell_rows_[cell];
    alignas(64) T ranks[kTileRows * kLanes<T>];
    const T* rows[kTileRows] = {};
    for (std::size_t r = 0; r < visits.size(); ++r) {
      rows[r] = queries.row(block[visits[r].second]).data();
    }
    for (std::size_t panel = 0; panel < panels_[cell].num_panels(); ++panel) {
      panels_[cell].ranks(rows, visits.size(), panel, ranks);
      const std::size_t num_lanes = std::min(kLanes<T>, members.size() - panel * kLanes<T>);
      for (std::size_t r = 0; r < visits.size(); ++r) {
        NearestList<T>& list = lists[visits[r].second];
        for (std::size_t lane = 0; lane < num_lanes; ++lane) {
          const T rank = ranks[r * kLanes<T> + lane];
          const std::uint32_t index = members[panel * kLanes<T> + lane];
          if (rank > list.limit() || (own && index == block[visits[r].second])) continue;
          list.offer(rank, index);
        }
      }
    }
  }

  void find_within(MatrixView<T> queries,
                   double radius,
                   std::span<std::vector<std::uint32_t>> found) const override {
    const std::size_t num_probes = std::min(cell_rows_.size(), kCellsToProbe);
    const NeighborTable<T> probes = centers_->of_queries(queries, num_probes);
    for (std::size_t i = 0; i < found.size(); ++i) {
      for (const std::uint32_t cell : probes.indices_of(i)) {
        for (const std::uint32_t index : cell_rows_[cell]) {
          const auto apart =
              distance(queries.row(i), this->comparable_rows().row(index), this->metric());
          if (apart <= radius) found[i].push_back(index);
        }
      }
    }
  }

  std::unique_ptr<NeighborSearcher<T>> centers_;
  std::vector<std::vector<std::uint32_t>> cell_rows_;
  std::vector<Panels<T>> panels_;
};

}  // namespace

template <class T>
std::unique_ptr<NeighborSearcher<T>> create_cell_searcher(std::vector<T> rows,
                                                          std::size_t num_dims,
                                                          Metric metric,
                                                          int num_threads) {
  return std::make_unique<CellSearcher<T>>(std::move(rows), num_dims, metric, num_threads);
}

template std::unique_ptr<NeighborSearcher<float>> create_cell_searcher(std::vector<float>,
                                                                       std::size_t,
                                                                       Metric,
                                                                       int);
template std::unique_ptr<NeighborSearcher<double>> create_cell_searcher(std::vector<double>,
                                                                        std::size_t,
                                                                        Metric,
                                                                        int);

}  // namespace finview::internal
