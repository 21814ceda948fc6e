#pragma once

#include "finview/base/options.h"
#include "finview/vectors/matrix.h"

#include <cstdint>
#include <vector>

namespace finview {

struct KMeansOptions {
  std::int64_t num_clusters = 8;
  std::int64_t num_restarts = 10;
  std::int64_t max_iterations = 300;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field("num-clusters", num_clusters, "Clusters to make", 1, 1'000'000);
    visitor.field(
        "num-restarts", num_restarts, "Runs from other starts; the best is kept", 1, 1000);
    visitor.field("max-iterations", max_iterations, "Rounds of one run at most", 1, 100'000);
    visitor.field("seed", seed, "Of every random choice", 0, 1'000'000'000);
  }
};

struct KMeansResult {
  std::vector<std::int32_t> labels;  ///< of each row, 0 … num_clusters - 1
  std::vector<float> centers;        ///< num_clusters x d
  double inertia = 0;                ///< sum of squared distances to the own center
};

/// Clusters of least squared Euclidean distance to their means.
///
/// Starts: greedy k-means++ (Arthur & Vassilvitskii, "k-means++: The Advantages of Careful
/// Seeding", SODA 2007; the best of several draws each time). Then Lloyd's rounds until no label
/// changes. A cluster that runs empty takes the row farthest from its center. The same for any
/// number of threads. Throws Error{kBadOptions} for more clusters than rows and Error{kBadInput} as
/// `check_finite`. O(n k d) per round.
KMeansResult k_means(MatrixView<float> rows, const KMeansOptions& options, int num_threads);

}  // namespace finview
