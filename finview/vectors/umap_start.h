#pragma once

#include "finview/vectors/matrix.h"
#include "finview/vectors/umap_graph.h"

#include <cstdint>
#include <vector>

namespace finview::internal {

/// Where the optimization of a map begins: num_rows x num_dims, each coordinate within 0 … 10.
///
/// A connected graph begins as the eigenvectors of its normalized Laplacian (Belkin & Niyogi,
/// "Laplacian Eigenmaps for Dimensionality Reduction and Data Representation", Neural Computation
/// 15(6), 2003). Several components begin each like that, around the place of their mean row among
/// the principal components of all means, no larger than half the way to the next; those too small
/// for eigenvectors begin at random.
/// @param rows  what the graph was made of
std::vector<float> spectral_start(const FuzzyGraph& graph,
                                  MatrixView<float> rows,
                                  std::size_t num_dims,
                                  std::uint64_t seed,
                                  int num_threads);

/// The `count` smallest eigenvalues of I - D^-1/2 W D^-1/2 and their eigenvectors; D: sums of
/// weights. The graph must be connected for all but the first to mean something.
struct Spectrum {
  std::vector<double> values;
  std::vector<double> vectors;  ///< num_rows x count
};
Spectrum laplacian_spectrum(const FuzzyGraph& graph,
                            std::size_t count,
                            double tolerance,
                            std::uint64_t seed,
                            int num_threads);

}  // namespace finview::internal
