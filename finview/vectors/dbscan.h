#pragma once

#include "finview/base/options.h"
#include "finview/vectors/matrix.h"

#include <cstdint>
#include <string>
#include <vector>

namespace finview {

struct DbscanOptions {
  std::string metric = "euclidean";
  double radius = 0.5;
  std::int64_t min_samples = 5;

  void visit(OptionVisitor& visitor) {
    visitor.field(
        "metric", metric, "How far apart two rows are", {"euclidean", "cosine", "manhattan"});
    visitor.field("radius", radius, "How near rows of one cluster are", 0, 1e300);
    visitor.field(
        "min-samples",
        min_samples,
        "Rows within the radius, itself among them, that make a row the core of a cluster",
        1,
        1'000'000'000);
  }
};

struct DbscanResult {
  std::vector<std::int32_t> labels;  ///< of each row, by the clusters' first core rows; -1 noise
  std::vector<bool> is_core;
  std::int32_t num_clusters = 0;
};

/// Clusters of core rows within the radius of each other; a row near cores of several belongs to
/// the first. Deterministic. Throws Error{kBadOptions}, and Error{kBadInput} as
/// `NeighborSearcher::create` does. Source: Ester, Kriegel, Sander & Xu, "A Density-Based Algorithm
/// for Discovering Clusters in Large Spatial Databases with Noise", KDD 1996. Checked against
/// scikit-learn 1.2 in dbscan_test.cc.
DbscanResult dbscan(MatrixView<double> rows, const DbscanOptions& options, int num_threads);

}  // namespace finview
