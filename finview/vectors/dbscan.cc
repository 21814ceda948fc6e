#include "finview/vectors/dbscan.h"

#include "finview/vectors/neighbors.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace finview {
namespace {

/// Rows whose surroundings are held in memory at a time.
constexpr std::size_t kRowsAtOnce = 4096;
constexpr std::int32_t kNoise = -1;

using Visit = std::function<void(std::size_t row, std::span<const std::uint32_t> within)>;

void for_each_row(const NeighborSearcher<double>& searcher, double radius, const Visit& visit) {
  for (std::size_t first = 0; first < searcher.num_rows(); first += kRowsAtOnce) {
    const std::size_t last = std::min(first + kRowsAtOnce, searcher.num_rows());
    const RadiusTable table = searcher.within(radius, first, last);
    for (std::size_t i = first; i < last; ++i) visit(i, table.indices_of(i - first));
  }
}

}  // namespace

DbscanResult dbscan(MatrixView<double> rows, const DbscanOptions& options, int num_threads) {
  check_options(options);
  const std::size_t n = rows.num_rows();
  DbscanResult result{std::vector<std::int32_t>(n, kNoise), std::vector<bool>(n, false), 0};
  if (n == 0) return result;
  const auto searcher = NeighborSearcher<double>::create(
      rows, metric_from(options.metric), SearchMethod::kExact, num_threads);
  for_each_row(*searcher, options.radius, [&](std::size_t i, auto within) {
    result.is_core[i] = within.size() >= static_cast<std::size_t>(options.min_samples);
  });

  std::vector<std::uint32_t> parents(n);  // roots are the lowest row of each group of cores
  std::iota(parents.begin(), parents.end(), 0U);
  const auto find = [&](std::uint32_t row) {
    while (parents[row] != row) row = parents[row] = parents[parents[row]];
    return row;
  };
  std::vector<std::vector<std::uint32_t>> cores_around(n);  // of the rows that are no core
  for_each_row(*searcher, options.radius, [&](std::size_t i, auto within) {
    for (const std::uint32_t j : within) {
      if (!result.is_core[j]) continue;
      if (!result.is_core[i]) {
        cores_around[i].push_back(j);
        continue;
      }
      const std::uint32_t a = find(static_cast<std::uint32_t>(i));
      const std::uint32_t b = find(j);
      parents[std::max(a, b)] = std::min(a, b);
    }
  });
  for (std::uint32_t i = 0; i < n; ++i) {
    if (!result.is_core[i]) continue;
    const std::uint32_t root = find(i);
    result.labels[i] = root == i ? result.num_clusters++ : result.labels[root];
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (const std::uint32_t core : cores_around[i]) {
      const std::int32_t label = result.labels[core];
      if (result.labels[i] == kNoise || label < result.labels[i]) result.labels[i] = label;
    }
  }
  return result;
}

}  // namespace finview
