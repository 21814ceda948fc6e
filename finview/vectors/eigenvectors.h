#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace finview::internal {

/// A symmetric matrix of n rows: writes matrix * block to `result`. Blocks are n x `width`,
/// row-major.
using BlockProduct = std::function<void(
    const std::vector<double>& block, std::size_t width, std::vector<double>& result)>;

struct Eigenvectors {
  std::vector<double> values;   ///< ascending
  std::vector<double> vectors;  ///< n x count, row-major; columns of unit length, signs arbitrary
};

/// The `count` eigenvectors with the smallest eigenvalues of a matrix whose eigenvalues lie in
/// [0, largest].
///
/// Chebyshev-filtered subspace iteration, from random vectors of the seed, until no vector's
/// residual is above `tolerance` * largest or after `max_rounds` of 20 products each. Source: Zhou,
/// Saad, Tiago & Chelikowsky, "Self-consistent-field Calculations Using Chebyshev-filtered Subspace
/// Iteration", J. Comp. Phys. 219, 2006. count <= n.
Eigenvectors smallest_eigenvectors(const BlockProduct& product,
                                   std::size_t num_rows,
                                   std::size_t count,
                                   double largest,
                                   double tolerance,
                                   int max_rounds,
                                   std::uint64_t seed);

}  // namespace finview::internal
