#include "finview/vectors/outliers.h"

#include "finview/base/error.h"

#include <algorithm>

namespace finview {
namespace {

/// Keeps the density of rows with k copies finite, as scikit-learn does.
constexpr double kTiny = 1e-10;

}  // namespace

LocalOutliers::LocalOutliers(MatrixView<double> rows, Metric metric, std::size_t k, int num_threads)
    : k_(std::min(k, rows.num_rows() - 1)),
      searcher_(NeighborSearcher<double>::create(rows, metric, SearchMethod::kExact, num_threads)),
      reaches_(rows.num_rows(), 0),
      densities_(rows.num_rows(), 1 / kTiny),
      factors_(rows.num_rows(), 1) {
  if (k == 0) throw Error(ErrorKind::kBadInput, "Outliers need 1 or more neighbors, not 0.");
  if (k_ == 0) return;
  const NeighborTable<double> table = searcher_->of_rows(k_);
  for (std::size_t i = 0; i < reaches_.size(); ++i) reaches_[i] = table.distances_of(i).back();
  for (std::size_t i = 0; i < reaches_.size(); ++i) {
    densities_[i] = density(table.indices_of(i), table.distances_of(i));
  }
  for (std::size_t i = 0; i < reaches_.size(); ++i) {
    double sum = 0;
    for (const std::uint32_t j : table.indices_of(i)) sum += densities_[j];
    factors_[i] = sum / static_cast<double>(k_) / densities_[i];
  }
}

double LocalOutliers::density(std::span<const std::uint32_t> neighbors,
                              std::span<const double> distances) const {
  double sum = 0;
  for (std::size_t r = 0; r < neighbors.size(); ++r) {
    sum += std::max(distances[r], reaches_[neighbors[r]]);
  }
  return 1 / (sum / static_cast<double>(neighbors.size()) + kTiny);
}

std::vector<double> LocalOutliers::factors_of_new(MatrixView<double> queries) const {
  const NeighborTable<double> table = searcher_->of_queries(queries, std::max<std::size_t>(k_, 1));
  std::vector<double> factors;
  for (std::size_t i = 0; i < queries.num_rows(); ++i) {
    const double own = density(table.indices_of(i), table.distances_of(i));
    double sum = 0;
    for (const std::uint32_t j : table.indices_of(i)) sum += densities_[j];
    factors.push_back(sum / static_cast<double>(table.k) / own);
  }
  return factors;
}

}  // namespace finview
