#pragma once

#include "finview/match/gallery.h"

#include <cstdint>

namespace finview {

/// How well local outlier factors alone tell strangers from known fins, for comparison: AUROC.
struct Novelty {
  double look = 0.5;          ///< on the look's embeddings
  double edge_network = 0.5;  ///< on the edge network's, of the whole edge
  double look_map = 0.5;      ///< on UMAP coordinates of the look's embeddings
};

/// Fits outlier factors (10 neighbors) to four fifths of the individuals and asks the rest as
/// strangers; fits them to four fifths of the encounters and asks the rest of them as known.
/// Nothing, one half, where fewer than 20 photos are left.
Novelty outlier_novelty(const Gallery& gallery, std::uint64_t seed, int num_threads);

}  // namespace finview
