#include "finview/vectors/k_means.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"
#include "finview/vectors/panels.h"
#include "finview/vectors/random.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include <fmt/format.h>

namespace finview {
namespace {

using internal::kTileRows;
constexpr std::size_t kLanes = internal::kLanes<float>;
constexpr std::size_t kPanelsAtOnce = 64;
constexpr std::size_t kRowsAtOnce = 128 * kTileRows;

/// One run from one start.
class Run {
 public:
  Run(MatrixView<float> rows, const internal::Panels<float>& panels, std::size_t k, int num_threads)
      : rows_(rows), panels_(panels), k_(k), num_threads_(num_threads) {}

  KMeansResult run(std::uint64_t seed, std::int64_t max_iterations) {
    start(seed);
    labels_.assign(rows_.num_rows(), -1);
    ranks_.resize(rows_.num_rows());
    for (std::int64_t i = 0; i < max_iterations && assign(); ++i) move_centers();
    assign();
    const double inertia = std::accumulate(ranks_.begin(), ranks_.end(), 0.0);
    return {std::move(labels_), std::move(centers_), inertia};
  }

 private:
  void add_center(std::size_t row) {
    const std::span<const float> values = rows_.row(row);
    centers_.insert(centers_.end(), values.begin(), values.end());
  }

  /// Each further center: of several rows drawn with the squared distance to the nearest center as
  /// their chance, the one that leaves the least sum of them.
  void start(std::uint64_t seed) {
    internal::Random random(seed);
    centers_.clear();
    const std::size_t first = random.index(rows_.num_rows());
    add_center(first);
    nearest_.assign(panels_.num_panels() * kLanes, std::numeric_limits<float>::max());
    take_nearest({first});
    while (centers_.size() < k_ * rows_.num_dims()) {
      const std::size_t best = take_nearest(draw_rows(random));
      add_center(best);
    }
  }

  std::vector<std::size_t> draw_rows(internal::Random& random) const {
    std::vector<double> sums(rows_.num_rows());
    std::partial_sum(nearest_.begin(),
                     nearest_.begin() + static_cast<std::ptrdiff_t>(sums.size()),
                     sums.begin(),
                     [](double sum, double value) { return sum + value; });
    std::vector<std::size_t> drawn;
    for (std::size_t i = 0; i < kTileRows; ++i) {
      const double at = random.unit() * sums.back();
      const auto found = std::upper_bound(sums.begin(), sums.end(), at);
      drawn.push_back(found == sums.end() ? random.index(sums.size())
                                          : static_cast<std::size_t>(found - sums.begin()));
    }
    return drawn;
  }

  /// Lowers `nearest_` by the best of the candidates and says which it was.
  std::size_t take_nearest(const std::vector<std::size_t>& candidates) {
    const float* rows[kTileRows] = {};
    for (std::size_t r = 0; r < candidates.size(); ++r) rows[r] = rows_.row(candidates[r]).data();
    const std::size_t num_blocks = (panels_.num_panels() + kPanelsAtOnce - 1) / kPanelsAtOnce;
    std::vector<float> lowered(candidates.size() * nearest_.size());
    std::vector<double> sums(candidates.size() * num_blocks);
    parallel_for(num_blocks, num_threads_, [&](std::size_t block) {
      alignas(64) float ranks[kTileRows * kLanes];
      const std::size_t last = std::min((block + 1) * kPanelsAtOnce, panels_.num_panels());
      for (std::size_t panel = block * kPanelsAtOnce; panel < last; ++panel) {
        panels_.ranks(rows, candidates.size(), panel, ranks);
        for (std::size_t i = 0; i < candidates.size() * kLanes; ++i) {
          const std::size_t row = panel * kLanes + i % kLanes;
          if (row >= rows_.num_rows()) continue;
          const float value = std::min(ranks[i], nearest_[row]);
          lowered[i / kLanes * nearest_.size() + row] = value;
          sums[i / kLanes * num_blocks + block] += value;
        }
      }
    });
    std::size_t best = 0;
    double best_sum = std::numeric_limits<double>::infinity();
    for (std::size_t r = 0; r < candidates.size(); ++r) {
      const auto begin = sums.begin() + static_cast<std::ptrdiff_t>(r * num_blocks);
      const double sum =
          std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(num_blocks), 0.0);
      if (sum >= best_sum) continue;
      best_sum = sum;
      best = r;
    }
    const auto begin = lowered.begin() + static_cast<std::ptrdiff_t>(best * nearest_.size());
    std::copy_n(begin, nearest_.size(), nearest_.begin());
    return candidates[best];
  }

  /// Gives every row to its nearest center. False if no label changed.
  bool assign() {
    const internal::Panels<float> centers(MatrixView<float>(centers_, rows_.num_dims()));
    const std::size_t num_blocks = (rows_.num_rows() + kRowsAtOnce - 1) / kRowsAtOnce;
    std::vector<char> changed(num_blocks, 0);
    parallel_for(num_blocks, num_threads_, [&](std::size_t block) {
      const std::size_t last = std::min((block + 1) * kRowsAtOnce, rows_.num_rows());
      for (std::size_t row = block * kRowsAtOnce; row < last; row += kTileRows) {
        if (assign_tile(centers, row, std::min(kTileRows, last - row))) changed[block] = 1;
      }
    });
    return std::count(changed.begin(), changed.end(), 1) > 0;
  }

  bool assign_tile(const internal::Panels<float>& centers, std::size_t first, std::size_t count) {
    alignas(64) float ranks[kTileRows * kLanes];
    const float* rows[kTileRows] = {};
    float best[kTileRows];
    std::int32_t label[kTileRows] = {};
    for (std::size_t r = 0; r < count; ++r) rows[r] = rows_.row(first + r).data();
    std::fill_n(best, count, std::numeric_limits<float>::infinity());
    for (std::size_t panel = 0; panel < centers.num_panels(); ++panel) {
      centers.ranks(rows, count, panel, ranks);
      for (std::size_t i = 0; i < count * kLanes; ++i) {
        if (ranks[i] >= best[i / kLanes]) continue;
        best[i / kLanes] = ranks[i];
        label[i / kLanes] = static_cast<std::int32_t>(panel * kLanes + i % kLanes);
      }
    }
    bool changed = false;
    for (std::size_t r = 0; r < count; ++r) {
      changed |= labels_[first + r] != label[r];
      labels_[first + r] = label[r];
      ranks_[first + r] = best[r];
    }
    return changed;
  }

  void move_centers() {
    const std::size_t num_dims = rows_.num_dims();
    std::vector<double> sums(k_ * num_dims);
    std::vector<std::size_t> counts(k_);
    for (std::size_t i = 0; i < rows_.num_rows(); ++i) {
      const auto label = static_cast<std::size_t>(labels_[i]);
      ++counts[label];
      for (std::size_t d = 0; d < num_dims; ++d) sums[label * num_dims + d] += rows_.row(i)[d];
    }
    for (std::size_t c = 0; c < k_; ++c) {
      if (counts[c] == 0) {
        const auto farthest = std::max_element(ranks_.begin(), ranks_.end());
        *farthest = 0;
        const auto row = rows_.row(static_cast<std::size_t>(farthest - ranks_.begin()));
        std::copy(
            row.begin(), row.end(), centers_.begin() + static_cast<std::ptrdiff_t>(c * num_dims));
        continue;
      }
      for (std::size_t d = 0; d < num_dims; ++d) {
        centers_[c * num_dims + d] =
            static_cast<float>(sums[c * num_dims + d] / static_cast<double>(counts[c]));
      }
    }
  }

  MatrixView<float> rows_;
  const internal::Panels<float>& panels_;
  std::size_t k_;
  int num_threads_;
  std::vector<float> centers_;
  std::vector<float> nearest_;  ///< squared distance of each row to the nearest center so far
  std::vector<std::int32_t> labels_;
  std::vector<float> ranks_;  ///< squared distance of each row to its own center
};

}  // namespace

KMeansResult k_means(MatrixView<float> rows, const KMeansOptions& options, int num_threads) {
  check_options(options);
  check_finite(rows);
  const auto k = static_cast<std::size_t>(options.num_clusters);
  if (k > rows.num_rows()) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("--num-clusters is {}; with {} rows it must be from 1 to {}.",
                            k,
                            rows.num_rows(),
                            rows.num_rows()));
  }
  const internal::Panels<float> panels(rows);
  KMeansResult best;
  best.inertia = std::numeric_limits<double>::infinity();
  for (std::int64_t restart = 0; restart < options.num_restarts; ++restart) {
    internal::Random seeds(static_cast<std::uint64_t>(options.seed),
                           static_cast<std::uint64_t>(restart));
    KMeansResult result =
        Run(rows, panels, k, num_threads).run(seeds.bits(), options.max_iterations);
    if (result.inertia < best.inertia) best = std::move(result);
  }
  return best;
}

}  // namespace finview
