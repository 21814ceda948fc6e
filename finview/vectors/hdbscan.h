#pragma once

#include "finview/base/options.h"
#include "finview/vectors/condensed_tree.h"
#include "finview/vectors/matrix.h"
#include "finview/vectors/spanning_tree.h"

#include <cstdint>
#include <string>
#include <vector>

namespace finview {

struct HdbscanOptions {
  std::string metric = "euclidean";
  std::int64_t min_cluster_size = 5;
  std::int64_t min_samples = 0;
  std::string selection = "eom";
  double epsilon = 0;
  bool allow_single_cluster = false;
  std::int64_t max_cluster_size = 0;

  void visit(OptionVisitor& visitor) {
    visitor.field(
        "metric", metric, "How far apart two rows are", {"euclidean", "cosine", "manhattan"});
    visitor.field("min-cluster-size",
                  min_cluster_size,
                  "Rows a group needs to be a cluster; smaller groups are noise",
                  2,
                  1'000'000'000);
    visitor.field("min-samples",
                  min_samples,
                  "Neighbors that make a place dense; more: more noise. 0: as many as "
                  "--min-cluster-size",
                  0,
                  1'000'000'000);
    visitor.field("selection",
                  selection,
                  "eom: the clusters that last longest; leaf: the smallest there are",
                  {"eom", "leaf"});
    visitor.field("epsilon", epsilon, "Do not split clusters at distances below this", 0, 1e300);
    visitor.field("allow-single-cluster", allow_single_cluster, "All rows may be one cluster");
    visitor.field("max-cluster-size",
                  max_cluster_size,
                  "Larger clusters are split (eom only); 0: no limit",
                  0,
                  1'000'000'000);
  }
};

struct HdbscanResult {
  std::vector<std::int32_t> labels;   ///< of each row; 0 is the largest cluster, -1 noise
  std::vector<double> probabilities;  ///< how central, in [0, 1]; 0 for noise
  std::vector<double>
      outlier_values;                ///< GLOSH, in [0, 1]: how much sparser than the cluster's core
  std::vector<double> persistences;  ///< of each cluster, in [0, 1]: how long it lasts
  std::vector<std::uint32_t> selected;  ///< of each label: its cluster in `condensed`
  SpanningTree spanning;
  CondensedTree condensed;

  std::size_t num_clusters() const { return selected.size(); }
};

/// Groups of rows denser than their surroundings, of any shape; what belongs to none is noise.
///
/// Any number of rows: fewer than `min_cluster_size` are all noise. Equal rows are never parted.
/// Deterministic; does not depend on the number of threads, nor on the order of rows where
/// distances differ. Sources: Campello et al. 2015 (spanning_tree.h), GLOSH in its section 6;
/// epsilon: Malzer & Baum, "A Hybrid Approach To Hierarchical Density-based Cluster Selection", MFI
/// 2020. Checked against the library hdbscan 0.8.40 in hdbscan_test.cc. Throws Error{kBadOptions},
/// and Error{kBadInput} for a number that is not finite (with its row).
HdbscanResult hdbscan(MatrixView<double> rows, const HdbscanOptions& options, int num_threads);

/// The clusters an option set selects from a tree; their numbers, ascending.
std::vector<std::uint32_t> select_clusters(const CondensedTree& tree,
                                           const HdbscanOptions& options);

}  // namespace finview
