#pragma once

#include "finview/vectors/umap_graph.h"

#include <cstdint>
#include <span>
#include <vector>

namespace finview::internal {

struct LayoutOptions {
  CurveParameters curve;
  double repulsion = 1;  ///< how strong a push is
  std::size_t num_dims = 2;
  int num_epochs = 700;
  double learning_rate = 1;
  std::size_t negative_samples = 5;
  std::uint64_t seed = 1;
  int num_threads = 1;
};

/// Places that may not move farther than `radius` from where they are: the first `num_held` ones.
struct Held {
  std::size_t num_held = 0;
  float radius = 0;
};

/// Moves the points of a map until near neighbors in the graph lie near: each edge pulls as often
/// as it is heavy, and with every pull some points drawn at random push (McInnes, Healy & Melville,
/// section 4.2, algorithm 5).
///
/// The order in which edges pull depends on the seed alone (umap_layout.cc), and so does the
/// result, not on the number of threads; up to 8 are used.
/// @param places  num_rows x num_dims; where to begin, and the result
void optimize_layout(const FuzzyGraph& graph,
                     const LayoutOptions& options,
                     const Held& held,
                     std::vector<float>& places);

/// Places new points on a fixed map: pulled by their neighbors, pushed by points drawn from the
/// map. Each by itself; its random numbers come from its entry of `seeds`.
/// @param neighbors, weights  k for each new point, into `map`
/// @param places  where to begin, and the result
void place_on_layout(std::span<const float> map,
                     std::span<const std::uint32_t> neighbors,
                     std::span<const float> weights,
                     std::size_t k,
                     const LayoutOptions& options,
                     std::span<const std::uint64_t> seeds,
                     std::vector<float>& places);

}  // namespace finview::internal
