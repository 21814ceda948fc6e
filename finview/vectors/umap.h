#pragma once

#include "finview/base/options.h"
#include "finview/vectors/matrix.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace finview {

struct UmapOptions {
  std::string metric = "euclidean";
  std::int64_t num_neighbors = 15;
  std::int64_t num_dims = 2;
  double min_dist = 0.1;
  double spread = 1;
  std::int64_t num_epochs = 0;
  double learning_rate = 1;
  std::int64_t negative_samples = 5;
  double repulsion = 1;
  double target_weight = 0.5;
  std::string search = "auto";
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor);
};

/// A map of rows: near rows lie near each other.
///
/// The same seed gives the same map, whatever the number of threads; the processor's instruction
/// set may change the last digits of distances, and with them the map. Source: McInnes, Healy &
/// Melville, "UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction", arXiv
/// 1802.03426; its quality is compared with umap-learn 0.5 in umap_test.cc. Any number of rows from
/// 0 on; fewer than `num_neighbors` all are neighbors of each other.
class Umap {
 public:
  /// @param labels  of each row, -1 not known: rows of one label come nearer. Empty: none
  /// Throws Error{kBadOptions}, and Error{kBadInput} as `NeighborSearcher::create` does and for
  /// another number of labels.
  static Umap fit(MatrixView<float> rows,
                  std::span<const std::int32_t> labels,
                  const UmapOptions& options,
                  int num_threads);

  /// n x num_dims, in the order of the rows.
  const std::vector<float>& places() const { return places_; }
  MatrixView<float> rows() const { return {rows_, num_columns_}; }
  const UmapOptions& options() const { return options_; }
  bool has_labels() const { return !labels_.empty(); }
  std::size_t num_rows() const { return num_columns_ == 0 ? 0 : rows_.size() / num_columns_; }

  /// Places of new rows on the map, which does not change. Each row by itself: neither the other
  /// new rows nor their order matter. Throws Error{kBadInput} as `NeighborSearcher::of_queries`
  /// does and if the map is empty.
  std::vector<float> transform(MatrixView<float> queries, int num_threads) const;

  /// Adds rows behind those the map has. These move too, so that new groups find room, but none by
  /// more than `max_movement` times the map's width (its largest extent along one axis).
  /// @param labels  of the new rows, as in `fit`; must be given if the map has labels
  /// Throws as `fit`, and Error{kBadOptions} for a negative `max_movement`.
  void add(MatrixView<float> rows,
           std::span<const std::int32_t> labels,
           double max_movement,
           int num_threads);

  /// Everything needed to go on, in one file. Throws as `write_file` does.
  void save(const std::filesystem::path& path) const;
  /// Throws Error{kNotFound}, and Error{kBadModel} for a file that is no map of this version.
  static Umap load(const std::filesystem::path& path);

 private:
  UmapOptions options_;
  std::size_t num_columns_ = 0;
  std::vector<float> rows_;
  std::vector<std::int32_t> labels_;  ///< empty: none
  std::vector<float> places_;
};

}  // namespace finview
