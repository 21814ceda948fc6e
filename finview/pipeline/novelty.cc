#include "finview/pipeline/novelty.h"

#include "finview/base/files.h"
#include "finview/match/open_set.h"
#include "finview/vectors/outliers.h"
#include "finview/vectors/umap.h"

#include <functional>
#include <set>
#include <string>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::size_t kNumParts = 5;
constexpr std::size_t kNeighbors = 10;
constexpr std::size_t kFewestPhotos = 20;

/// A part of 0 to 4 by a name, the same on every machine.
std::size_t part_of(const std::string& name, std::uint64_t seed) {
  return std::stoul(sha256_hex(fmt::format("{} {}", seed, name)).substr(0, 6), nullptr, 16) %
         kNumParts;
}

using Rows = std::vector<float>;
using RowOf = std::function<std::span<const float>(const FinSignature&)>;
/// Factors of queries among rows.
using Factors = std::function<std::vector<double>(const Rows&, const Rows&, std::size_t)>;

std::vector<double> factors_among(
    const Rows& rows, const Rows& queries, std::size_t num_dims, Metric metric, int num_threads) {
  const std::vector<double> fitted = to_double(rows);
  const LocalOutliers outliers({fitted, num_dims}, metric, kNeighbors, num_threads);
  return outliers.factors_of_new({to_double(queries), num_dims});
}

std::vector<double> factors_on_map(const Rows& rows,
                                   const Rows& queries,
                                   std::size_t num_dims,
                                   std::uint64_t seed,
                                   int num_threads) {
  UmapOptions options;
  options.metric = "cosine";
  options.seed = static_cast<std::int64_t>(seed);
  const Umap map = Umap::fit({rows, num_dims}, {}, options, num_threads);
  return factors_among(map.places(),
                       map.transform({queries, num_dims}, num_threads),
                       static_cast<std::size_t>(options.num_dims),
                       Metric::kEuclidean,
                       num_threads);
}

/// Splits the photos by `name_of`, fits to all parts but one and asks that one; `counts` says of
/// which photos the factors are wanted.
std::vector<double> cross_factors(const Gallery& gallery,
                                  const RowOf& row_of,
                                  const Factors& factors,
                                  std::uint64_t seed,
                                  const std::function<std::string(std::size_t)>& name_of,
                                  bool must_be_known) {
  std::vector<double> all;
  for (std::size_t part = 0; part < kNumParts; ++part) {
    Rows rows;
    Rows queries;
    std::set<std::size_t> present;
    std::size_t num_dims = 0;
    std::vector<std::size_t> asking;
    for (std::size_t i = 0; i < gallery.size(); ++i) {
      const std::span<const float> row = row_of(gallery.signature(i));
      if (row.empty()) continue;
      num_dims = row.size();
      if (part_of(name_of(i), seed) == part) {
        asking.push_back(i);
      } else {
        rows.insert(rows.end(), row.begin(), row.end());
        present.insert(gallery.individual_index(i));
      }
    }
    for (const std::size_t i : asking) {
      if (must_be_known && !present.contains(gallery.individual_index(i))) continue;
      const std::span<const float> row = row_of(gallery.signature(i));
      queries.insert(queries.end(), row.begin(), row.end());
    }
    if (queries.empty() || rows.size() < kFewestPhotos * num_dims) continue;
    const std::vector<double> found = factors(rows, queries, num_dims);
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

}  // namespace

Novelty outlier_novelty(const Gallery& gallery, std::uint64_t seed, int num_threads) {
  const auto by_individual = [&](std::size_t i) { return gallery.entry(i).individual; };
  const auto by_encounter = [&](std::size_t i) {
    const GalleryEntry& entry = gallery.entry(i);
    return entry.individual + "\n" + (entry.group.empty() ? fmt::to_string(i) : entry.group);
  };
  const auto measure = [&](const RowOf& row_of, const Factors& factors) {
    return auroc(cross_factors(gallery, row_of, factors, seed, by_individual, false),
                 cross_factors(gallery, row_of, factors, seed, by_encounter, true));
  };
  const RowOf look = [](const FinSignature& fin) { return std::span<const float>(fin.embedding); };
  const RowOf edge = [](const FinSignature& fin) {
    return std::span<const float>(fin.edge_views).first(fin.edge_views.size() / FinEdge::kNumViews);
  };
  const Factors by_cosine = [&](const Rows& rows, const Rows& queries, std::size_t num_dims) {
    return factors_among(rows, queries, num_dims, Metric::kCosine, num_threads);
  };
  const Factors on_map = [&](const Rows& rows, const Rows& queries, std::size_t num_dims) {
    return factors_on_map(rows, queries, num_dims, seed, num_threads);
  };
  return {measure(look, by_cosine), measure(edge, by_cosine), measure(look, on_map)};
}

}  // namespace finview
