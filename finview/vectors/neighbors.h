#pragma once

#include "finview/vectors/matrix.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace finview {

/// For each of several queries its k nearest rows, nearest first; equal distances by row index.
template <class T>
struct NeighborTable {
  std::size_t k = 0;
  std::vector<std::uint32_t> indices;  ///< num_queries x k
  std::vector<T> distances;            ///< the same shape, in the metric

  std::size_t num_queries() const { return k == 0 ? 0 : indices.size() / k; }
  std::span<const std::uint32_t> indices_of(std::size_t query) const {
    return std::span(indices).subspan(query * k, k);
  }
  std::span<const T> distances_of(std::size_t query) const {
    return std::span(distances).subspan(query * k, k);
  }
};

/// The rows within a radius of each of several queries, by row index.
struct RadiusTable {
  std::vector<std::size_t> offsets;  ///< where each query's rows begin, and the end
  std::vector<std::uint32_t> indices;

  std::span<const std::uint32_t> indices_of(std::size_t query) const {
    return std::span(indices).subspan(offsets[query], offsets[query + 1] - offsets[query]);
  }
};

/// kExact: every neighbor is right: a k-d tree in up to 8 dimensions, otherwise a comparison with
/// every row. kApproximate: only the rows of the nearest cells of a k-means partition are compared;
/// measured in docs/maps.md and, for queries, docs/matching.md. Cost of n queries among n rows: O(n
/// log n), O(n^2), about O(n^1.5).
enum class SearchMethod { kExact, kApproximate };

/// Finds nearest rows. Immutable, so any number of threads may ask; one call uses `num_threads`
/// itself. The result does not depend on their number.
template <class T>
class NeighborSearcher {
 public:
  virtual ~NeighborSearcher() = default;

  /// Copies what it needs of `rows`. Throws Error{kBadInput} for a number that is not finite, or,
  /// with the cosine metric, a row of zeros.
  static std::unique_ptr<NeighborSearcher> create(MatrixView<T> rows,
                                                  Metric metric,
                                                  SearchMethod method,
                                                  int num_threads);

  /// The k nearest other rows of every row. Throws Error{kBadInput} unless 1 <= k < n.
  NeighborTable<T> of_rows(std::size_t k) const;

  /// The k nearest rows of every query. Throws Error{kBadInput} unless 1 <= k <= n, for another
  /// number of dimensions, and as `create` does.
  NeighborTable<T> of_queries(MatrixView<T> queries, std::size_t k) const;

  /// The rows (itself among them) within `radius` of the rows [first, last).
  RadiusTable within(double radius, std::size_t first, std::size_t last) const;

  std::size_t num_rows() const { return rows_.size() / num_dims_; }
  Metric metric() const { return metric_; }
  /// The rows as they are compared: of unit length for the cosine metric.
  MatrixView<T> comparable_rows() const { return {rows_, num_dims_}; }

 protected:
  NeighborSearcher(std::vector<T> rows, std::size_t num_dims, Metric metric, int num_threads)
      : rows_(std::move(rows)), num_dims_(num_dims), metric_(metric), num_threads_(num_threads) {}

  int num_threads() const { return num_threads_; }
  bool manhattan() const { return metric_ == Metric::kManhattan; }

 private:
  /// Writes ranks (panels.h) to `table.distances`.
  /// @param own  queries are the rows themselves and must not find themselves
  virtual void find(MatrixView<T> queries, bool own, NeighborTable<T>& table) const = 0;
  /// Appends to `found[i]` the rows within `radius` of query i; they are at most kTileRows.
  virtual void find_within(MatrixView<T> queries,
                           double radius,
                           std::span<std::vector<std::uint32_t>> found) const = 0;
  NeighborTable<T> ask(MatrixView<T> queries, bool own, std::size_t k) const;

  std::vector<T> rows_;
  std::size_t num_dims_;
  Metric metric_;
  int num_threads_;
};

}  // namespace finview
