#pragma once

#include "finview/vectors/neighbors.h"

#include <memory>
#include <vector>

namespace finview::internal {

// The ways to search; `rows` are finite, and of unit length for the cosine metric.

/// Compares with every row; not for the Manhattan metric, which `create_brute_searcher` is for.
template <class T>
std::unique_ptr<NeighborSearcher<T>> create_sieve_searcher(std::vector<T> rows,
                                                           std::size_t num_dims,
                                                           Metric metric,
                                                           int num_threads);

template <class T>
std::unique_ptr<NeighborSearcher<T>> create_brute_searcher(std::vector<T> rows,
                                                           std::size_t num_dims,
                                                           Metric metric,
                                                           int num_threads);
template <class T>
std::unique_ptr<NeighborSearcher<T>> create_tree_searcher(std::vector<T> rows,
                                                          std::size_t num_dims,
                                                          Metric metric,
                                                          int num_threads);
template <class T>
std::unique_ptr<NeighborSearcher<T>> create_cell_searcher(std::vector<T> rows,
                                                          std::size_t num_dims,
                                                          Metric metric,
                                                          int num_threads);

/// In up to this many dimensions the tree is faster than comparing with every row.
inline constexpr std::size_t kMaxTreeDims = 8;

}  // namespace finview::internal
