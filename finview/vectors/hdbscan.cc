#include "finview/vectors/hdbscan.h"

#include <algorithm>
#include <cmath>

namespace finview {
namespace {

constexpr std::int32_t kNoise = -1;

/// Largest clusters first; equal ones by their first row.
void sort_by_size(const CondensedTree& tree, std::vector<std::uint32_t>& selected) {
  std::vector<std::uint32_t> top(
      tree.num_clusters());  // the selected cluster around each, or itself
  for (std::uint32_t c = 0; c < top.size(); ++c) {
    const bool own = c == 0 || std::binary_search(selected.begin(), selected.end(), c);
    top[c] = own ? c : top[tree.parents[c]];
  }
  std::vector<std::uint32_t> first_row(tree.num_clusters(), 0);
  for (std::uint32_t row = static_cast<std::uint32_t>(tree.num_rows); row-- > 0;) {
    first_row[top[tree.cluster_of[row]]] = row;
  }
  std::sort(selected.begin(), selected.end(), [&](std::uint32_t a, std::uint32_t b) {
    return tree.sizes[a] != tree.sizes[b] ? tree.sizes[a] > tree.sizes[b]
                                          : first_row[a] < first_row[b];
  });
}

/// Where all rows are one cluster, those that left it before its core are noise nevertheless.
bool stays_in_single_cluster(const CondensedTree& tree, std::size_t row, double epsilon) {
  const double needed = epsilon > 0 ? 1 / epsilon : tree.deaths[0];
  return tree.lambdas[row] >= needed;
}

void label_rows(const CondensedTree& tree, double epsilon, HdbscanResult& result) {
  std::vector<std::int32_t> label_of(tree.num_clusters(), kNoise);
  for (std::size_t label = 0; label < result.selected.size(); ++label) {
    label_of[result.selected[label]] = static_cast<std::int32_t>(label);
  }
  for (std::size_t c = 1; c < label_of.size(); ++c) {
    if (label_of[c] == kNoise) label_of[c] = label_of[tree.parents[c]];
  }
  for (std::size_t row = 0; row < tree.num_rows; ++row) {
    const std::uint32_t cluster = tree.cluster_of[row];
    const bool left = cluster == 0 && !stays_in_single_cluster(tree, row, epsilon);
    result.labels[row] = left ? kNoise : label_of[cluster];
  }
}

double membership(double lambda, double death) {
  return death == 0 || !std::isfinite(lambda) ? 1 : std::min(lambda, death) / death;
}

void rate_rows(const CondensedTree& tree, HdbscanResult& result) {
  for (std::size_t row = 0; row < tree.num_rows; ++row) {
    const double lambda = tree.lambdas[row];
    if (result.labels[row] != kNoise) {
      const std::uint32_t cluster = result.selected[static_cast<std::size_t>(result.labels[row])];
      result.probabilities[row] = membership(lambda, tree.deaths[cluster]);
    }
    const double death = tree.deaths[tree.cluster_of[row]];
    if (death == 0 || !std::isfinite(lambda)) continue;
    result.outlier_values[row] = std::isfinite(death) ? (death - lambda) / death : 1;
  }
}

void rate_clusters(const CondensedTree& tree, HdbscanResult& result) {
  const double longest = *std::max_element(tree.deaths.begin(), tree.deaths.end());
  std::vector<std::size_t> sizes(result.selected.size(), 0);
  for (const std::int32_t label : result.labels) {
    if (label != kNoise) ++sizes[static_cast<std::size_t>(label)];
  }
  for (std::size_t label = 0; label < sizes.size(); ++label) {
    const bool endless = sizes[label] == 0 || longest == 0 || !std::isfinite(longest);
    result.persistences.push_back(endless ? 1
                                          : tree.stabilities[result.selected[label]] /
                                                (static_cast<double>(sizes[label]) * longest));
  }
}

}  // namespace

HdbscanResult hdbscan(MatrixView<double> rows, const HdbscanOptions& options, int num_threads) {
  check_options(options);
  check_finite(rows);
  const auto min_cluster_size = static_cast<std::size_t>(options.min_cluster_size);
  const auto min_samples = static_cast<std::size_t>(options.min_samples);
  HdbscanResult result;
  result.labels.assign(rows.num_rows(), kNoise);
  result.probabilities.assign(rows.num_rows(), 0);
  result.outlier_values.assign(rows.num_rows(), 0);
  result.spanning = mutual_reachability_tree(rows,
                                             metric_from(options.metric),
                                             min_samples > 0 ? min_samples : min_cluster_size,
                                             num_threads);
  result.condensed = condense(result.spanning, min_cluster_size);
  if (rows.num_rows() < min_cluster_size) return result;
  result.selected = select_clusters(result.condensed, options);
  sort_by_size(result.condensed, result.selected);
  label_rows(result.condensed, options.epsilon, result);
  rate_rows(result.condensed, result);
  rate_clusters(result.condensed, result);
  return result;
}

}  // namespace finview
