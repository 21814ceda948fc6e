#include "finview/base/error.h"
#include "finview/base/threads.h"
#include "finview/vectors/neighbors.h"
#include "finview/vectors/scores.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include <fmt/format.h>

namespace finview {
namespace {

void check_same_rows(std::size_t rows, std::size_t others, const char* what) {
  if (rows == others) return;
  throw Error(
      ErrorKind::kBadInput,
      fmt::format("{} rows came with {} {}; there must be one for each.", rows, others, what));
}

/// Distances of a row to all rows, itself infinitely far.
std::vector<double> distances_from(MatrixView<double> rows, std::size_t index, Metric metric) {
  std::vector<double> distances(rows.num_rows());
  for (std::size_t i = 0; i < distances.size(); ++i) {
    distances[i] = distance(rows.row(index), rows.row(i), metric);
  }
  distances[index] = std::numeric_limits<double>::infinity();
  return distances;
}

double silhouette(MatrixView<double> rows,
                  std::size_t index,
                  std::span<const std::size_t> clusters,
                  std::span<const double> sizes,
                  Metric metric) {
  std::vector<double> sums(sizes.size(), 0);
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    if (i != index) sums[clusters[i]] += distance(rows.row(index), rows.row(i), metric);
  }
  const std::size_t own = clusters[index];
  if (sizes[own] == 1) return 0;
  const double inside = sums[own] / (sizes[own] - 1);
  double outside = std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < sums.size(); ++c) {
    if (c != own) outside = std::min(outside, sums[c] / sizes[c]);
  }
  const double larger = std::max(inside, outside);
  return larger == 0 ? 0 : (outside - inside) / larger;
}

}  // namespace

std::vector<double> silhouettes(MatrixView<double> rows,
                                std::span<const std::int32_t> labels,
                                Metric metric,
                                int num_threads) {
  check_same_rows(rows.num_rows(), labels.size(), "labels");
  std::map<std::int32_t, std::size_t> numbers;
  std::vector<std::size_t> clusters;
  for (const std::int32_t label : labels) {
    clusters.push_back(numbers.try_emplace(label, numbers.size()).first->second);
  }
  if (numbers.size() < 2 || numbers.size() >= rows.num_rows()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("Silhouettes were asked of {} clusters of {} rows; there must be 2 or "
                            "more, and fewer than rows.",
                            numbers.size(),
                            rows.num_rows()));
  }
  std::vector<double> sizes(numbers.size(), 0);
  for (const std::size_t c : clusters) ++sizes[c];
  std::vector<double> result(rows.num_rows());
  parallel_for(result.size(), num_threads, [&](std::size_t i) {
    result[i] = silhouette(rows, i, clusters, sizes, metric);
  });
  return result;
}

MapFidelity map_fidelity(MatrixView<double> rows,
                         Metric metric,
                         MatrixView<double> map,
                         std::size_t k,
                         int num_threads) {
  const std::size_t n = rows.num_rows();
  check_same_rows(n, map.num_rows(), "places on the map");
  if (k < 1 || 2 * k >= n) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format("Neighborhoods of {} were to be compared among {} rows; it must be 1 or "
                    "more and less than half the rows.",
                    k,
                    n));
  }
  const NeighborTable<double> near_on_map =
      NeighborSearcher<double>::create(map, Metric::kEuclidean, SearchMethod::kExact, num_threads)
          ->of_rows(k);
  std::vector<double> penalties(n);
  std::vector<double> kept(n);
  parallel_for(n, num_threads, [&](std::size_t i) {
    const std::vector<double> distances = distances_from(rows, i, metric);
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return distances[a] != distances[b] ? distances[a] < distances[b] : a < b;
    });
    std::vector<std::uint32_t> ranks(n);
    for (std::uint32_t r = 0; r < n; ++r) ranks[order[r]] = r + 1;
    for (const std::uint32_t j : near_on_map.indices_of(i)) {
      if (ranks[j] <= k) {
        ++kept[i];
      } else {
        penalties[i] += static_cast<double>(ranks[j] - k);
      }
    }
  });
  const auto count = static_cast<double>(n);
  const auto size = static_cast<double>(k);
  const double penalty = std::accumulate(penalties.begin(), penalties.end(), 0.0);
  return {1 - penalty * 2 / (count * size * (2 * count - 3 * size - 1)),
          std::accumulate(kept.begin(), kept.end(), 0.0) / (count * size)};
}

}  // namespace finview
