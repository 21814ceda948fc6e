#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/pipeline/fin_rows.h"
#include "finview/pipeline/new_fins.h"
#include "finview/vectors/hdbscan.h"
#include "finview/vectors/scores.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace finview {

struct ClusterOptions {
  std::string method = "hdbscan";
  HdbscanOptions hdbscan;
  double radius = 0.5;
  std::int64_t num_clusters = 8;
  std::int64_t num_restarts = 10;
  std::int64_t outlier_neighbors = 20;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field("method", method, "How to cluster", {"hdbscan", "dbscan", "kmeans"});
    hdbscan.visit(visitor);
    visitor.field("radius", radius, "dbscan: how near fins of one cluster are", 0, 1e300);
    visitor.field("num-clusters", num_clusters, "kmeans: clusters to make", 1, 1'000'000);
    visitor.field(
        "num-restarts", num_restarts, "kmeans: runs from other starts; the best is kept", 1, 1000);
    visitor.field("outlier-neighbors",
                  outlier_neighbors,
                  "Neighbors of a fin that its local outlier factor looks at",
                  1,
                  100'000);
    visitor.field("seed", seed, "Of every random choice", 0, 1'000'000'000);
  }
};

struct ClusterSummary {
  std::size_t num_fins = 0;
  std::size_t num_clusters = 0;
  std::size_t num_noise = 0;
  std::size_t num_labelled = 0;             ///< fins whose individual is known
  std::optional<Agreement> to_individuals;  ///< of the fins whose individual is known, if there are
};

/// A clustering of fins. Not copied or moved while a predictor looks at it.
struct Clustering {
  ClusterSummary summary;
  std::optional<HdbscanResult> hierarchy;  ///< of HDBSCAN alone
};

/// Clusters fins and fills the columns class, probability and outlier (1: noise) of their table,
/// and the extra columns lof (local outlier factor) and, with HDBSCAN, glosh. Clusters are numbered
/// from the largest on. Throws Error{kBadOptions} and Error{kBadInput} as the methods do.
Clustering cluster_rows(FinRows& rows, const ClusterOptions& options);

/// What `cluster_fins` writes beside the table, and other fins it looks at.
struct ClusterOutputs {
  bool measure = false;
  std::string tree;
  std::string spanning_tree;
  std::string memberships;
  NewFinOptions new_fins;

  void visit(OptionVisitor& visitor) {
    visitor.field(
        "measure",
        measure,
        "Also say how well clusters stand apart (mean silhouette; compares every fin with "
        "every other)");
    visitor.field("tree", tree, "hdbscan: table (.csv) of the hierarchy of clusters");
    visitor.field("spanning-tree", spanning_tree, "hdbscan: table (.csv) of the tree's edges");
    visitor.field(
        "memberships",
        memberships,
        "hdbscan: table (.csv) of how much each fin, or each one of --new, belongs to each "
        "cluster");
    new_fins.visit(visitor);
  }
};

struct ClusterReport {
  ClusterSummary summary;
  std::optional<double> silhouette;  ///< mean of the fins in clusters, if there are two
  std::optional<NewFinSummary> new_fins;
};

/// Reads fins (`read_fin_rows`), clusters them and writes their table to `out` (.csv or .json), and
/// `outputs`. Nothing if cancelled. Throws as `cluster_rows` and `judge_new_fins`, and
/// Error{kBadOptions} for outputs that the method does not have.
std::optional<ClusterReport> cluster_fins(const std::string& path,
                                          const FinRowOptions& input,
                                          const ClusterOptions& options,
                                          const ClusterOutputs& outputs,
                                          const std::filesystem::path& out,
                                          Progress& progress,
                                          const CancelToken& cancel);

}  // namespace finview
