#include "finview/pipeline/cluster_fins.h"

#include "finview/base/threads.h"
#include "finview/vectors/dbscan.h"
#include "finview/vectors/k_means.h"
#include "finview/vectors/outliers.h"

#include <algorithm>
#include <numeric>

namespace finview {
namespace {

constexpr std::int32_t kNoise = -1;

struct Clusters {
  std::vector<std::int32_t> labels;
  std::vector<double> probabilities;
  std::vector<double> glosh;  ///< empty: the method knows none
};

/// Clusters of one numbered anew, the largest first, then by their first row.
void sort_by_size(std::vector<std::int32_t>& labels) {
  const std::int32_t count =
      labels.empty() ? 0 : *std::max_element(labels.begin(), labels.end()) + 1;
  std::vector<std::size_t> sizes(static_cast<std::size_t>(count), 0);
  for (const std::int32_t label : labels) {
    if (label != kNoise) ++sizes[static_cast<std::size_t>(label)];
  }
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return sizes[a] > sizes[b];
  });
  std::vector<std::int32_t> renamed(sizes.size());
  for (std::size_t i = 0; i < order.size(); ++i) renamed[order[i]] = static_cast<std::int32_t>(i);
  for (std::int32_t& label : labels) {
    if (label != kNoise) label = renamed[static_cast<std::size_t>(label)];
  }
}

Clusters make_clusters(const FinRows& rows,
                       MatrixView<double> wide,
                       const ClusterOptions& options) {
  Clusters clusters;
  if (options.method == "hdbscan") {
    HdbscanResult result = hdbscan(wide, options.hdbscan, num_cores());
    return {std::move(result.labels),
            std::move(result.probabilities),
            std::move(result.outlier_values)};
  }
  if (options.method == "dbscan") {
    DbscanOptions dbscan_options;
    dbscan_options.metric = options.hdbscan.metric;
    dbscan_options.radius = options.radius;
    if (options.hdbscan.min_samples > 0) dbscan_options.min_samples = options.hdbscan.min_samples;
    clusters.labels = dbscan(wide, dbscan_options, num_cores()).labels;
  } else {
    KMeansOptions k_means_options;
    k_means_options.num_clusters = options.num_clusters;
    k_means_options.seed = options.seed;
    clusters.labels = k_means(rows.view(), k_means_options, num_cores()).labels;
  }
  sort_by_size(clusters.labels);
  for (const std::int32_t label : clusters.labels) {
    clusters.probabilities.push_back(label == kNoise ? 0 : 1);
  }
  return clusters;
}

ClusterSummary summarize(const FinRows& rows, const std::vector<std::int32_t>& labels) {
  ClusterSummary summary;
  summary.num_fins = labels.size();
  std::vector<std::int32_t> truth;
  std::vector<std::int32_t> found;
  const std::vector<std::int32_t> individuals = individual_labels(rows.table);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    summary.num_noise += labels[i] == kNoise ? 1 : 0;
    summary.num_clusters = std::max(summary.num_clusters, static_cast<std::size_t>(labels[i] + 1));
    if (individuals[i] < 0) continue;
    truth.push_back(individuals[i]);
    found.push_back(labels[i]);
  }
  summary.num_labelled = truth.size();
  if (!truth.empty()) summary.to_individuals = compare_labels(truth, found);
  return summary;
}

}  // namespace

ClusterSummary cluster_rows(FinRows& rows, const ClusterOptions& options) {
  check_options(options);
  check_finite(rows.view());
  const std::vector<double> values = to_double(rows.values);
  const MatrixView<double> wide(values, rows.num_dims);
  const Clusters clusters = make_clusters(rows, wide, options);
  for (std::size_t i = 0; i < rows.table.rows.size(); ++i) {
    FinRow& row = rows.table.rows[i];
    row.label = clusters.labels[i];
    row.probability = clusters.probabilities[i];
    row.outlier = row.label == kNoise ? 1 : 0;
  }
  if (!clusters.glosh.empty()) rows.table.set_extra("glosh", clusters.glosh);
  if (!rows.table.rows.empty()) {
    const LocalOutliers outliers(wide,
                                 metric_from(options.hdbscan.metric),
                                 static_cast<std::size_t>(options.outlier_neighbors),
                                 num_cores());
    rows.table.set_extra("lof", outliers.factors());
  }
  return summarize(rows, clusters.labels);
}

std::optional<ClusterSummary> cluster_fins(const std::string& path,
                                           const FinRowOptions& input,
                                           const ClusterOptions& options,
                                           const std::filesystem::path& out,
                                           Progress& progress,
                                           const CancelToken& cancel) {
  check_options(options);
  std::optional<FinRows> rows = read_fin_rows(path, input, progress, cancel);
  if (!rows) return {};
  const ClusterSummary summary = cluster_rows(*rows, options);
  write_fin_table(out, rows->table);
  return summary;
}

}  // namespace finview
