#include "finview/vectors/umap.h"

#include "finview/base/error.h"
#include "finview/vectors/neighbors.h"
#include "finview/vectors/umap_graph.h"
#include "finview/vectors/umap_layout.h"
#include "finview/vectors/umap_start.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace finview {
namespace {

using internal::FuzzyGraph;
using internal::LayoutOptions;

/// Beyond this many rows neighbors are searched approximately unless the options say otherwise.
constexpr std::size_t kMaxExactRows = 16'384;
/// Up to so many rows have time for so many epochs; more have 200.
constexpr std::size_t kFewRows = 5'000;
constexpr std::size_t kSomeRows = 10'000;

SearchMethod method_for(const UmapOptions& options, std::size_t num_rows) {
  const bool exact =
      options.search == "exact" || (options.search == "auto" && num_rows <= kMaxExactRows);
  return exact ? SearchMethod::kExact : SearchMethod::kApproximate;
}

FuzzyGraph graph_of(MatrixView<float> rows,
                    std::span<const std::int32_t> labels,
                    const UmapOptions& options,
                    int num_threads) {
  const auto searcher = NeighborSearcher<float>::create(
      rows, metric_from(options.metric), method_for(options, rows.num_rows()), num_threads);
  // A row counts as its own first neighbor.
  const auto wanted = static_cast<std::size_t>(options.num_neighbors - 1);
  const NeighborTable<float> table = searcher->of_rows(std::min(wanted, rows.num_rows() - 1));
  const internal::LocalScale scale = internal::fit_local_scales(table, true);
  FuzzyGraph graph = internal::make_fuzzy_graph(table, internal::neighbor_weights(table, scale));
  if (labels.empty()) return graph;
  return internal::intersect_with_labels(graph, labels, options.target_weight);
}

LayoutOptions layout_options(const UmapOptions& options, int num_epochs, int num_threads) {
  LayoutOptions layout;
  layout.curve = internal::fit_curve(options.spread, options.min_dist);
  layout.repulsion = options.repulsion;
  layout.num_dims = static_cast<std::size_t>(options.num_dims);
  layout.num_epochs = num_epochs;
  layout.learning_rate = options.learning_rate;
  layout.negative_samples = static_cast<std::size_t>(options.negative_samples);
  layout.seed = static_cast<std::uint64_t>(options.seed);
  layout.num_threads = num_threads;
  return layout;
}

int num_epochs_of(const UmapOptions& options, std::size_t num_rows) {
  if (options.num_epochs > 0) return static_cast<int>(options.num_epochs);
  if (num_rows <= kFewRows) return 700;
  return num_rows <= kSomeRows ? 500 : 200;
}

/// New rows need fewer epochs: they begin between their neighbors.
int num_epochs_of_new(const UmapOptions& options) {
  return options.num_epochs > 0 ? std::max(1, static_cast<int>(options.num_epochs) / 3) : 200;
}

void check_labels(std::size_t num_rows, std::size_t num_labels) {
  if (num_labels == 0 || num_labels == num_rows) return;
  throw Error(ErrorKind::kBadInput,
              fmt::format("{} rows came with {} labels; there must be one for each (-1 where it is "
                          "not known), or none.",
                          num_rows,
                          num_labels));
}

/// The same for equal rows, so that a place depends on the row alone.
std::uint64_t seed_of(std::span<const float> row) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const float value : row) {
    hash = (hash ^ static_cast<std::uint64_t>(std::hash<float>()(value))) * 0x100000001b3ULL;
  }
  return hash;
}

double width_of(std::span<const float> places, std::size_t num_dims) {
  double width = 0;
  for (std::size_t d = 0; d < num_dims; ++d) {
    float low = std::numeric_limits<float>::infinity();
    float high = -low;
    for (std::size_t i = d; i < places.size(); i += num_dims) {
      low = std::min(low, places[i]);
      high = std::max(high, places[i]);
    }
    width = std::max(width, static_cast<double>(high - low));
  }
  return width;
}

}  // namespace

void UmapOptions::visit(OptionVisitor& visitor) {
  visitor.field(
      "metric", metric, "How far apart two rows are", {"euclidean", "cosine", "manhattan"});
  visitor.field("num-neighbors",
                num_neighbors,
                "Neighbors of a row, itself among them; more: the map shows larger structure",
                2,
                10'000);
  visitor.field("num-dims", num_dims, "Dimensions of the map", 1, 1000);
  visitor.field("min-dist", min_dist, "How tightly the map packs near rows", 0, 1000);
  visitor.field("spread", spread, "Scale of the map; not below --min-dist", 1e-3, 1000);
  visitor.field("num-epochs",
                num_epochs,
                "Rounds of optimization; 0: 700 up to 5,000 rows, 500 up to 10,000, 200 beyond",
                0,
                1'000'000);
  visitor.field("learning-rate", learning_rate, "First step of the optimization", 1e-6, 1000);
  visitor.field("negative-samples", negative_samples, "Pushes for each pull", 0, 1000);
  visitor.field("repulsion", repulsion, "How strong a push is", 0, 1000);
  visitor.field("target-weight",
                target_weight,
                "Where labels are given, how much they matter: 0 not at all, 1 alone",
                0,
                1);
  visitor.field("search",
                search,
                "How neighbors are found; auto: approximately beyond 16,384 rows",
                {"auto", "exact", "approximate"});
  visitor.field("seed", seed, "Of every random choice", 0, 1'000'000'000);
}

Umap Umap::fit(MatrixView<float> rows,
               std::span<const std::int32_t> labels,
               const UmapOptions& options,
               int num_threads) {
  check_options(options);
  if (options.min_dist > options.spread) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("--min-dist is {} and --spread {}; it must not be above it.",
                            options.min_dist,
                            options.spread));
  }
  check_finite(rows);
  check_labels(rows.num_rows(), labels.size());
  Umap map;
  map.options_ = options;
  map.num_columns_ = rows.num_dims();
  map.rows_.assign(rows.values().begin(), rows.values().end());
  map.labels_.assign(labels.begin(), labels.end());
  if (rows.num_rows() < 2) {
    map.places_.assign(rows.num_rows() * static_cast<std::size_t>(options.num_dims), 0);
    return map;
  }
  const FuzzyGraph graph = graph_of(rows, labels, options, num_threads);
  const LayoutOptions layout =
      layout_options(options, num_epochs_of(options, rows.num_rows()), num_threads);
  map.places_ = internal::spectral_start(graph, rows, layout.num_dims, layout.seed, num_threads);
  internal::optimize_layout(graph, layout, {}, map.places_);
  return map;
}

std::vector<float> Umap::transform(MatrixView<float> queries, int num_threads) const {
  if (num_rows() == 0) {
    throw Error(ErrorKind::kBadInput, "The map is empty; nothing can be placed on it.");
  }
  const auto searcher = NeighborSearcher<float>::create(
      rows(), metric_from(options_.metric), method_for(options_, num_rows()), num_threads);
  const std::size_t k = std::min(static_cast<std::size_t>(options_.num_neighbors), num_rows());
  const NeighborTable<float> table = searcher->of_queries(queries, k);
  const std::vector<float> weights =
      internal::neighbor_weights(table, internal::fit_local_scales(table, false));
  LayoutOptions layout = layout_options(options_, num_epochs_of_new(options_), num_threads);
  layout.learning_rate /= 4;
  std::vector<float> places(queries.num_rows() * layout.num_dims, 0);
  std::vector<std::uint64_t> seeds;
  for (std::size_t i = 0; i < queries.num_rows(); ++i) {
    seeds.push_back(seed_of(queries.row(i)));
    double sum = 0;
    for (std::size_t r = 0; r < k; ++r) sum += weights[i * k + r];
    for (std::size_t r = 0; r < k; ++r) {
      // Where every weight underflowed, the nearest row says where to begin.
      const double share = sum > 0 ? weights[i * k + r] / sum : (r == 0 ? 1 : 0);
      const float* place = places_.data() + table.indices[i * k + r] * layout.num_dims;
      for (std::size_t d = 0; d < layout.num_dims; ++d) {
        places[i * layout.num_dims + d] += static_cast<float>(share * place[d]);
      }
    }
  }
  internal::place_on_layout(places_, table.indices, weights, k, layout, seeds, places);
  return places;
}

void Umap::add(MatrixView<float> rows,
               std::span<const std::int32_t> labels,
               double max_movement,
               int num_threads) {
  if (!(max_movement >= 0)) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("The largest movement is {}; it must be 0 or more.", max_movement));
  }
  if (rows.num_rows() == 0) return;
  check_labels(rows.num_rows(), labels.size());
  if (num_rows() == 0) {
    *this = fit(rows, labels, options_, num_threads);
    return;
  }
  if (labels.empty() != labels_.empty()) {
    throw Error(ErrorKind::kBadInput,
                labels.empty()
                    ? "The map was made with labels; give one for each new row (-1: not known)."
                    : "The map was made without labels; new rows cannot bring any.");
  }
  const std::vector<float> new_places = transform(rows, num_threads);
  const internal::Held held{
      num_rows(),
      static_cast<float>(max_movement *
                         width_of(places_, static_cast<std::size_t>(options_.num_dims)))};
  rows_.insert(rows_.end(), rows.values().begin(), rows.values().end());
  labels_.insert(labels_.end(), labels.begin(), labels.end());
  places_.insert(places_.end(), new_places.begin(), new_places.end());
  const FuzzyGraph graph = graph_of(this->rows(), labels_, options_, num_threads);
  internal::optimize_layout(
      graph, layout_options(options_, num_epochs_of_new(options_), num_threads), held, places_);
}

}  // namespace finview
