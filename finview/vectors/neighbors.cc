#include "finview/vectors/neighbors.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"
#include "finview/vectors/panels.h"
#include "finview/vectors/searchers.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace finview {
namespace {

/// Approximate search needs cells with many rows to be worth it.
constexpr std::size_t kMinApproximateRows = 4096;

template <class T>
std::vector<T> comparable(MatrixView<T> rows, Metric metric) {
  check_finite(rows);
  if (metric == Metric::kCosine) return normalized_rows(rows);
  return {rows.values().begin(), rows.values().end()};
}

}  // namespace

template <class T>
std::unique_ptr<NeighborSearcher<T>> NeighborSearcher<T>::create(MatrixView<T> rows,
                                                                 Metric metric,
                                                                 SearchMethod method,
                                                                 int num_threads) {
  if (rows.num_rows() == 0) {
    throw Error(ErrorKind::kBadInput, "There are no rows to search; give at least one.");
  }
  std::vector<T> values = comparable(rows, metric);
  const std::size_t num_dims = rows.num_dims();
  if (num_dims <= internal::kMaxTreeDims) {
    return internal::create_tree_searcher(std::move(values), num_dims, metric, num_threads);
  }
  if (method == SearchMethod::kApproximate && rows.num_rows() >= kMinApproximateRows) {
    return internal::create_cell_searcher(std::move(values), num_dims, metric, num_threads);
  }
  if (metric == Metric::kManhattan) {
    return internal::create_brute_searcher(std::move(values), num_dims, metric, num_threads);
  }
  return internal::create_sieve_searcher(std::move(values), num_dims, metric, num_threads);
}

template <class T>
NeighborTable<T> NeighborSearcher<T>::ask(MatrixView<T> queries, bool own, std::size_t k) const {
  const std::size_t limit = own ? num_rows() - 1 : num_rows();
  if (k < 1 || k > limit) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} neighbors were asked for; with {} rows it must be from 1 to {}.",
                            k,
                            num_rows(),
                            limit));
  }
  NeighborTable<T> table{k,
                         std::vector<std::uint32_t>(queries.num_rows() * k),
                         std::vector<T>(queries.num_rows() * k)};
  find(queries, own, table);
  for (T& value : table.distances) {
    value = static_cast<T>(internal::distance_from_rank(value, metric_));
  }
  return table;
}

template <class T>
NeighborTable<T> NeighborSearcher<T>::of_rows(std::size_t k) const {
  return ask(comparable_rows(), true, k);
}

template <class T>
NeighborTable<T> NeighborSearcher<T>::of_queries(MatrixView<T> queries, std::size_t k) const {
  if (queries.num_rows() > 0 && queries.num_dims() != num_dims_) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("Queries of {} columns were asked of rows of {}; they must be equal.",
                            queries.num_dims(),
                            num_dims_));
  }
  const std::vector<T> values = comparable(queries, metric_);
  return ask({values, num_dims_}, false, k);
}

template <class T>
RadiusTable NeighborSearcher<T>::within(double radius, std::size_t first, std::size_t last) const {
  std::vector<std::vector<std::uint32_t>> found(last - first);
  const std::size_t num_tiles = (found.size() + internal::kTileRows - 1) / internal::kTileRows;
  parallel_for(num_tiles, num_threads_, [&](std::size_t tile) {
    const std::size_t begin = tile * internal::kTileRows;
    const std::size_t count = std::min(internal::kTileRows, found.size() - begin);
    const MatrixView<T> queries(
        comparable_rows().values().subspan((first + begin) * num_dims_, count * num_dims_),
        num_dims_);
    find_within(queries, radius, std::span(found).subspan(begin, count));
  });
  for (std::vector<std::uint32_t>& indices : found) std::sort(indices.begin(), indices.end());
  RadiusTable table;
  table.offsets.push_back(0);
  for (const std::vector<std::uint32_t>& indices : found) {
    table.indices.insert(table.indices.end(), indices.begin(), indices.end());
    table.offsets.push_back(table.indices.size());
  }
  return table;
}

template class NeighborSearcher<float>;
template class NeighborSearcher<double>;

}  // namespace finview
