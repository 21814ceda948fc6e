#include "finview/vectors/hdbscan_predict.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace finview {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double inverse(double distance) { return distance > 0 ? 1 / distance : kInfinity; }

/// Of each label, the rows that last the longest in each of its leaf clusters.
std::vector<std::vector<double>> exemplars_of(MatrixView<double> rows,
                                              const CondensedTree& tree,
                                              const std::vector<std::int32_t>& label_of,
                                              std::size_t num_labels) {
  std::vector<bool> is_leaf(tree.num_clusters(), true);
  for (std::size_t c = 1; c < is_leaf.size(); ++c) is_leaf[tree.parents[c]] = false;
  std::vector<std::vector<double>> exemplars(num_labels);
  for (std::size_t row = 0; row < tree.num_rows; ++row) {
    const std::uint32_t cluster = tree.cluster_of[row];
    if (!is_leaf[cluster] || label_of[cluster] < 0 || tree.lambdas[row] < tree.deaths[cluster]) {
      continue;
    }
    auto& values = exemplars[static_cast<std::size_t>(label_of[cluster])];
    values.insert(values.end(), rows.row(row).begin(), rows.row(row).end());
  }
  return exemplars;
}

}  // namespace

HdbscanPredictor::HdbscanPredictor(MatrixView<double> rows,
                                   const HdbscanOptions& options,
                                   const HdbscanResult& result,
                                   int num_threads)
    : result_(result), label_of_(result.condensed.num_clusters(), -1) {
  const Metric metric = metric_from(options.metric);
  const std::int64_t wanted =
      options.min_samples > 0 ? options.min_samples : options.min_cluster_size;
  min_samples_ = std::min(static_cast<std::size_t>(wanted), rows.num_rows() - 1);
  searcher_ = NeighborSearcher<double>::create(rows, metric, SearchMethod::kExact, num_threads);
  for (std::size_t label = 0; label < result.selected.size(); ++label) {
    label_of_[result.selected[label]] = static_cast<std::int32_t>(label);
  }
  for (std::size_t c = 1; c < label_of_.size(); ++c) {
    if (label_of_[c] < 0) label_of_[c] = label_of_[result.condensed.parents[c]];
  }
  for (const std::vector<double>& values :
       exemplars_of(rows, result.condensed, label_of_, result.num_clusters())) {
    exemplars_.push_back(NeighborSearcher<double>::create(
        {values, rows.num_dims()}, metric, SearchMethod::kExact, num_threads));
  }
}

std::vector<HdbscanPredictor::Joined> HdbscanPredictor::join(MatrixView<double> queries) const {
  const CondensedTree& tree = result_.condensed;
  const std::size_t num_rows = searcher_->num_rows();
  const std::size_t k = std::min(num_rows, std::max<std::size_t>(2 * min_samples_, 1));
  const NeighborTable<double> table = searcher_->of_queries(queries, k);
  std::vector<Joined> joined;
  for (std::size_t i = 0; i < queries.num_rows(); ++i) {
    const auto distances = table.distances_of(i);
    const double core = distances[std::min(min_samples_, k - 1)];
    std::uint32_t nearest = 0;
    double shortest = kInfinity;
    for (std::size_t r = 0; r < k; ++r) {
      const std::uint32_t row = table.indices_of(i)[r];
      const double reach = std::max({distances[r], core, result_.spanning.core_distances[row]});
      if (reach >= shortest) continue;
      shortest = reach;
      nearest = row;
    }
    Joined one{tree.cluster_of[nearest], inverse(shortest)};
    if (tree.lambdas[nearest] > one.lambda) {
      while (one.cluster > 0 && tree.births[one.cluster] >= one.lambda) {
        one.cluster = tree.parents[one.cluster];
      }
    }
    joined.push_back(one);
  }
  return joined;
}

PredictedLabels HdbscanPredictor::predict(MatrixView<double> queries) const {
  PredictedLabels predicted;
  for (const Joined& one : join(queries)) {
    const std::int32_t label = label_of_[one.cluster];
    predicted.labels.push_back(label);
    double probability = 0;
    if (label >= 0) {
      const double death =
          result_.condensed.deaths[result_.selected[static_cast<std::size_t>(label)]];
      probability = death > one.lambda ? one.lambda / death : 1;
    }
    predicted.probabilities.push_back(probability);
  }
  return predicted;
}

double HdbscanPredictor::joint_lambda(const Joined& joined, std::uint32_t cluster) const {
  const CondensedTree& tree = result_.condensed;
  if (label_of_[joined.cluster] >= 0 && label_of_[joined.cluster] == label_of_[cluster]) {
    return joined.lambda;
  }
  std::uint32_t a = joined.cluster;
  std::uint32_t b = cluster;
  double split = joined.lambda;  // clusters have larger numbers than their parents
  while (a != b) {
    std::uint32_t& lower = a > b ? a : b;
    split = std::min(split, tree.births[lower]);
    lower = tree.parents[lower];
  }
  return split;
}

double HdbscanPredictor::death_of(std::uint32_t cluster) const {
  const CondensedTree& tree = result_.condensed;
  double death = tree.deaths[cluster];
  for (std::uint32_t c = cluster + 1; c < tree.num_clusters(); ++c) {
    if (label_of_[c] == label_of_[cluster]) death = std::max(death, tree.deaths[c]);
  }
  return death;
}

std::vector<double> HdbscanPredictor::exemplar_distances(MatrixView<double> queries) const {
  std::vector<double> distances(queries.num_rows() * exemplars_.size());
  for (std::size_t c = 0; c < exemplars_.size(); ++c) {
    const NeighborTable<double> table = exemplars_[c]->of_queries(queries, 1);
    for (std::size_t i = 0; i < queries.num_rows(); ++i) {
      distances[i * exemplars_.size() + c] = table.distances[i];
    }
  }
  return distances;
}

std::vector<double> HdbscanPredictor::memberships(MatrixView<double> queries) const {
  const std::size_t num_clusters = result_.num_clusters();
  const std::vector<Joined> joined = join(queries);
  const std::vector<double> distances = exemplar_distances(queries);
  std::vector<double> deaths;
  for (const std::uint32_t cluster : result_.selected) deaths.push_back(death_of(cluster));
  std::vector<double> memberships(distances.size());
  for (std::size_t i = 0; i < joined.size(); ++i) {
    double* shares = memberships.data() + i * num_clusters;
    const double* apart = distances.data() + i * num_clusters;
    // Relative to the nearest cluster's distance: a query on an exemplar belongs to it alone.
    const double nearest = num_clusters == 0 ? 0 : *std::min_element(apart, apart + num_clusters);
    double sum = 0;
    double belongs = 0;
    for (std::size_t c = 0; c < num_clusters; ++c) {
      const double lambda = joint_lambda(joined[i], result_.selected[c]);
      const double lasts = std::isfinite(deaths[c]) ? deaths[c] : lambda;
      const double ratio = lambda >= lasts ? 1 : lambda / lasts;
      const double nearness = apart[c] > 0 ? nearest / apart[c] : 1;
      shares[c] = std::sqrt(nearness) * std::exp(-2 / ratio);
      sum += shares[c];
      belongs = std::max(belongs, ratio);
    }
    for (std::size_t c = 0; c < num_clusters; ++c)
      shares[c] = sum > 0 ? belongs * shares[c] / sum : 0;
  }
  return memberships;
}

}  // namespace finview
