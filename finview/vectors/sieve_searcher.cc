#include "finview/base/threads.h"
#include "finview/vectors/nearest_list.h"
#include "finview/vectors/panels.h"
#include "finview/vectors/searchers.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace finview::internal {
namespace {

constexpr std::size_t kQueriesAtOnce = 16 * kTileRows;
constexpr std::size_t kBytesAtOnce = std::size_t{256} * 1024;
constexpr std::size_t kLane = kLanes<float>;

/// Squared Euclidean distance, in eight sums so that it runs side by side.
template <class T>
T squared_distance(const T* a, const T* b, std::size_t num_dims) {
  T sums[8] = {};
  std::size_t d = 0;
  for (; d + 8 <= num_dims; d += 8) {
    for (std::size_t i = 0; i < 8; ++i) sums[i] += (a[d + i] - b[d + i]) * (a[d + i] - b[d + i]);
  }
  for (; d < num_dims; ++d) sums[0] += (a[d] - b[d]) * (a[d] - b[d]);
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

/// Compares every query with every row, quickly and roughly first: products of float numbers, whose
/// rounding is bounded, rule out nearly all rows; the others are compared exactly. Nothing is
/// missed.
///
/// For rows x and queries q around their common mean, |q - x|^2 = |q|^2 - 2 (q x - |x|^2 / 2). The
/// last number of a query is 1 and that of a row -|x|^2 / 2, so that one product gives the bracket.
template <class T>
class SieveSearcher : public NeighborSearcher<T> {
 public:
  SieveSearcher(std::vector<T> rows, std::size_t num_dims, Metric metric, int num_threads)
      : NeighborSearcher<T>(std::move(rows), num_dims, metric, num_threads),
        mean_(mean_row(this->comparable_rows())),
        panels_(rough_rows()) {
    panels_.use_products();
  }

 private:
  /// A query as the sieve sees it.
  struct Rough {
    std::vector<float> values;  ///< kTileRows x (num_dims + 1)
    double squared[kTileRows] = {};
    double slack[kTileRows] = {};  ///< bound of the product's error

    /// Products below this are of rows surely farther than `rank`.
    float threshold(std::size_t r, double rank) const {
      const double exact = (squared[r] - rank) / 2 - slack[r];
      return std::isfinite(exact) ? std::nextafter(static_cast<float>(exact), -INFINITY)
                                  : -INFINITY;
    }
  };

  static std::vector<double> mean_row(MatrixView<T> rows) {
    std::vector<double> mean(rows.num_dims(), 0);
    for (std::size_t i = 0; i < rows.num_rows(); ++i) {
      for (std::size_t d = 0; d < mean.size(); ++d) mean[d] += rows.row(i)[d];
    }
    for (double& value : mean) value /= static_cast<double>(rows.num_rows());
    return mean;
  }

  Panels<float> rough_rows() {
    const MatrixView<T> rows = this->comparable_rows();
    std::vector<float> rough;
    rough.reserve(rows.num_rows() * (rows.num_dims() + 1));
    for (std::size_t i = 0; i < rows.num_rows(); ++i) {
      double squared = 0;
      for (std::size_t d = 0; d < rows.num_dims(); ++d) {
        const double value = rows.row(i)[d] - mean_[d];
        squared += value * value;
        rough.push_back(static_cast<float>(value));
      }
      rough.push_back(static_cast<float>(-squared / 2));
      longest_ = std::max(longest_, std::sqrt(squared));
    }
    return Panels<float>(MatrixView<float>(rough, rows.num_dims() + 1));
  }

  Rough rough_queries(MatrixView<T> queries, std::size_t first, std::size_t count) const {
    // Rounding of the numbers, of their products and of the sums: Higham, "Accuracy and Stability
    // of Numerical Algorithms", 2002, section 3.1.
    const double unit = std::numeric_limits<float>::epsilon();
    const double share = unit * static_cast<double>(mean_.size() + 8);
    Rough rough;
    for (std::size_t r = 0; r < count; ++r) {
      const std::span<const T> row = queries.row(first + r);
      for (std::size_t d = 0; d < row.size(); ++d) {
        const double value = row[d] - mean_[d];
        rough.squared[r] += value * value;
        rough.values.push_back(static_cast<float>(value));
      }
      rough.values.push_back(1);
      rough.slack[r] = share * (std::sqrt(rough.squared[r]) + longest_) * longest_;
    }
    return rough;
  }

  /// Calls `visit(r, index)` for rows whose product is at least thresholds[r], which it may raise.
  template <class Visit>
  void sift(const float* const* rows,
            std::size_t num_rows,
            std::size_t panel,
            const float* thresholds,
            const Visit& visit) const {
    alignas(64) float products[kTileRows * kLane];
    panels_.ranks(rows, num_rows, panel, products);
    const std::size_t last = std::min(kLane, this->num_rows() - panel * kLane);
    for (std::size_t r = 0; r < num_rows; ++r) {
      const float* mine = products + r * kLane;
      const float threshold = thresholds[r];
      int num_left = 0;
      for (std::size_t lane = 0; lane < kLane; ++lane) num_left += mine[lane] >= threshold ? 1 : 0;
      if (num_left == 0) continue;
      for (std::size_t lane = 0; lane < last; ++lane) {
        if (mine[lane] >= thresholds[r]) visit(r, panel * kLane + lane);
      }
    }
  }

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
    std::vector<Rough> roughs;
    std::vector<float> thresholds(last - first, -INFINITY);
    for (std::size_t i = first; i < last; ++i) {
      lists.emplace_back(std::span(table.indices).subspan(i * k, k),
                         std::span(table.distances).subspan(i * k, k));
    }
    for (std::size_t i = first; i < last; i += kTileRows) {
      roughs.push_back(rough_queries(queries, i, std::min(kTileRows, last - i)));
    }
    const std::size_t step = std::max<std::size_t>(1, kBytesAtOnce / (64 * panels_.num_dims()));
    for (std::size_t panel = 0; panel < panels_.num_panels(); panel += step) {
      const std::size_t panel_end = std::min(panel + step, panels_.num_panels());
      for (std::size_t i = first; i < last; i += kTileRows) {
        const Rough& rough = roughs[(i - first) / kTileRows];
        const float* rows[kTileRows] = {};
        const std::size_t num_rows = std::min(kTileRows, last - i);
        for (std::size_t r = 0; r < num_rows; ++r) {
          rows[r] = rough.values.data() + r * panels_.num_dims();
        }
        float* limits = thresholds.data() + (i - first);
        for (std::size_t p = panel; p < panel_end; ++p) {
          sift(rows, num_rows, p, limits, [&](std::size_t r, std::size_t index) {
            if (own && index == i + r) return;
            NearestList<T>& list = lists[i - first + r];
            const T rank = squared_distance(
                queries.row(i + r).data(), this->comparable_rows().row(index).data(), mean_.size());
            if (rank > list.limit()) return;
            list.offer(rank, static_cast<std::uint32_t>(index));
            limits[r] = rough.threshold(r, list.limit());
          });
        }
      }
    }
  }

  void find_within(MatrixView<T> queries,
                   double radius,
                   std::span<std::vector<std::uint32_t>> found) const override {
    const Rough rough = rough_queries(queries, 0, found.size());
    const float* rows[kTileRows] = {};
    float thresholds[kTileRows];
    for (std::size_t r = 0; r < found.size(); ++r) {
      rows[r] = rough.values.data() + r * panels_.num_dims();
      thresholds[r] = rough.threshold(r, rank_not_below<T>(radius, this->metric()));
    }
    for (std::size_t panel = 0; panel < panels_.num_panels(); ++panel) {
      sift(rows, found.size(), panel, thresholds, [&](std::size_t r, std::size_t index) {
        const T rank = squared_distance(
            queries.row(r).data(), this->comparable_rows().row(index).data(), mean_.size());
        if (distance_from_rank(rank, this->metric()) > radius) return;
        found[r].push_back(static_cast<std::uint32_t>(index));
      });
    }
  }

  std::vector<double> mean_;
  double longest_ = 0;  ///< farthest row from the mean
  Panels<float> panels_;
};

}  // namespace

template <class T>
std::unique_ptr<NeighborSearcher<T>> create_sieve_searcher(std::vector<T> rows,
                                                           std::size_t num_dims,
                                                           Metric metric,
                                                           int num_threads) {
  return std::make_unique<SieveSearcher<T>>(std::move(rows), num_dims, metric, num_threads);
}

template std::unique_ptr<NeighborSearcher<float>> create_sieve_searcher(std::vector<float>,
                                                                        std::size_t,
                                                                        Metric,
                                                                        int);
template std::unique_ptr<NeighborSearcher<double>> create_sieve_searcher(std::vector<double>,
                                                                         std::size_t,
                                                                         Metric,
                                                                         int);

}  // namespace finview::internal
