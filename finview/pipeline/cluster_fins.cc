#include "finview/pipeline/cluster_fins.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/vectors/dbscan.h"
#include "finview/vectors/hdbscan_predict.h"
#include "finview/vectors/k_means.h"
#include "finview/vectors/outliers.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::int32_t kNoise = -1;

struct Clusters {
  std::vector<std::int32_t> labels;
  std::vector<double> probabilities;
  std::optional<HdbscanResult> hierarchy;
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
    return {result.labels, result.probabilities, std::move(result)};
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
    k_means_options.num_restarts = options.num_restarts;
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

/// Of the fins in clusters.
std::optional<double> mean_silhouette(const FinRows& rows, Metric metric) {
  std::vector<double> values;
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < rows.table.rows.size(); ++i) {
    if (rows.table.rows[i].label < 0) continue;
    const auto row = rows.view().row(i);
    values.insert(values.end(), row.begin(), row.end());
    labels.push_back(static_cast<std::int32_t>(rows.table.rows[i].label));
  }
  const std::size_t num_clusters = std::set<std::int32_t>(labels.begin(), labels.end()).size();
  if (num_clusters < 2 || num_clusters >= labels.size()) return {};
  const std::vector<double> each =
      silhouettes({values, rows.num_dims}, labels, metric, num_cores());
  return std::accumulate(each.begin(), each.end(), 0.0) / static_cast<double>(each.size());
}

void write_tree(const std::filesystem::path& path, const CondensedTree& tree) {
  std::string text = "parent,child,lambda,size\n";
  for (const CondensedEdge& edge : tree.edges) {
    text += fmt::format("{},{},{},{}\n", edge.parent, edge.child, edge.lambda, edge.size);
  }
  write_file(path, text);
}

void write_spanning_tree(const std::filesystem::path& path, const SpanningTree& tree) {
  std::string text = "from,to,reachability,distance\n";
  for (const SpanningEdge& edge : tree.edges) {
    text += fmt::format("{},{},{},{}\n", edge.a, edge.b, edge.weight, edge.distance);
  }
  write_file(path, text);
}

/// How much each of `fins` belongs to each cluster of `known`.
void write_memberships(const std::filesystem::path& path,
                       const FinRows& known,
                       const HdbscanOptions& options,
                       const HdbscanResult& hierarchy,
                       const FinRows& fins) {
  const std::vector<double> known_values = to_double(known.values);
  const std::vector<double> values = to_double(fins.values);
  const std::size_t num_clusters = hierarchy.num_clusters();
  std::vector<double> memberships;
  if (num_clusters > 0 && !values.empty()) {
    memberships = HdbscanPredictor({known_values, known.num_dims}, options, hierarchy, num_cores())
                      .memberships({values, fins.num_dims});
  }
  std::vector<std::string> fields{"index", "name", "file"};
  for (std::size_t c = 0; c < num_clusters; ++c) fields.push_back(fmt::to_string(c));
  std::string text = csv_line(fields);
  for (std::size_t i = 0; i < fins.table.rows.size(); ++i) {
    const FinRow& row = fins.table.rows[i];
    fields = {fmt::to_string(row.index), row.name, row.file};
    for (std::size_t c = 0; c < num_clusters; ++c) {
      fields.push_back(fmt::format("{:.6g}", memberships[i * num_clusters + c]));
    }
    text += csv_line(fields);
  }
  write_file(path, text);
}

void check_outputs(const ClusterOptions& options, const ClusterOutputs& outputs) {
  if (options.method == "hdbscan") return;
  for (const auto& [name, value] : {std::pair{"--tree", outputs.tree},
                                    std::pair{"--spanning-tree", outputs.spanning_tree},
                                    std::pair{"--memberships", outputs.memberships},
                                    std::pair{"--new", outputs.new_fins.path}}) {
    if (value.empty()) continue;
    throw Error(ErrorKind::kBadOptions,
                fmt::format("{} goes with --method hdbscan, not with {}.", name, options.method));
  }
}

}  // namespace

Clustering cluster_rows(FinRows& rows, const ClusterOptions& options) {
  check_options(options);
  check_finite(rows.view());
  const std::vector<double> values = to_double(rows.values);
  const MatrixView<double> wide(values, rows.num_dims);
  Clusters clusters = make_clusters(rows, wide, options);
  for (std::size_t i = 0; i < rows.table.rows.size(); ++i) {
    FinRow& row = rows.table.rows[i];
    row.label = clusters.labels[i];
    row.probability = clusters.probabilities[i];
    row.outlier = row.label == kNoise ? 1 : 0;
  }
  if (clusters.hierarchy) rows.table.set_extra("glosh", clusters.hierarchy->outlier_values);
  if (!rows.table.rows.empty()) {
    const LocalOutliers outliers(wide,
                                 metric_from(options.hdbscan.metric),
                                 static_cast<std::size_t>(options.outlier_neighbors),
                                 num_cores());
    rows.table.set_extra("lof", outliers.factors());
  }
  return {summarize(rows, clusters.labels), std::move(clusters.hierarchy)};
}

std::optional<ClusterReport> cluster_fins(const std::string& path,
                                          const FinRowOptions& input,
                                          const ClusterOptions& options,
                                          const ClusterOutputs& outputs,
                                          const std::filesystem::path& out,
                                          Progress& progress,
                                          const CancelToken& cancel) {
  check_options(options);
  check_options(outputs);
  check_outputs(options, outputs);
  check_table_name(out);
  check_table_name(outputs.new_fins.out);
  std::optional<FinRows> rows = read_fin_rows(path, input, progress, cancel);
  if (!rows) return {};
  const Clustering clustering = cluster_rows(*rows, options);
  ClusterReport report{clustering.summary, {}, {}};
  write_fin_table(out, rows->table);
  if (outputs.measure) {
    report.silhouette = mean_silhouette(*rows, metric_from(options.hdbscan.metric));
  }
  if (!clustering.hierarchy) return report;
  if (!outputs.tree.empty()) write_tree(outputs.tree, clustering.hierarchy->condensed);
  if (!outputs.spanning_tree.empty()) {
    write_spanning_tree(outputs.spanning_tree, clustering.hierarchy->spanning);
  }
  std::optional<JudgedFins> judged;
  if (!outputs.new_fins.path.empty()) {
    judged = judge_new_fins(*rows,
                            options.hdbscan,
                            *clustering.hierarchy,
                            options.outlier_neighbors,
                            outputs.new_fins,
                            input.embedder,
                            progress,
                            cancel);
    if (!judged) return {};
    write_fin_table(outputs.new_fins.out, judged->rows.table);
    report.new_fins = judged->summary;
  }
  if (!outputs.memberships.empty()) {
    write_memberships(outputs.memberships,
                      *rows,
                      options.hdbscan,
                      *clustering.hierarchy,
                      judged ? judged->rows : *rows);
  }
  return report;
}

}  // namespace finview
