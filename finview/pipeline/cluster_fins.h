#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/pipeline/fin_rows.h"
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
  std::int64_t outlier_neighbors = 20;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field("method", method, "How to cluster", {"hdbscan", "dbscan", "kmeans"});
    hdbscan.visit(visitor);
    visitor.field("radius", radius, "dbscan: how near fins of one cluster are", 0, 1e300);
    visitor.field("num-clusters", num_clusters, "kmeans: clusters to make", 1, 1'000'000);
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

/// Clusters fins and fills the columns class, probability and outlier (1: noise) of their table,
/// and the extra columns lof (local outlier factor) and, with HDBSCAN, glosh. Clusters are numbered
/// from the largest on. Throws Error{kBadOptions} and Error{kBadInput} as the methods do.
ClusterSummary cluster_rows(FinRows& rows, const ClusterOptions& options);

/// Reads fins (`read_fin_rows`), clusters them and writes their table to `out` (.csv or .json).
/// Nothing if cancelled.
std::optional<ClusterSummary> cluster_fins(const std::string& path,
                                           const FinRowOptions& input,
                                           const ClusterOptions& options,
                                           const std::filesystem::path& out,
                                           Progress& progress,
                                           const CancelToken& cancel);

}  // namespace finview
