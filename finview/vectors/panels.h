#pragma once

#include "finview/vectors/kernels.h"
#include "finview/vectors/matrix.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace finview::internal {

/// What is compared while searching: squared Euclidean (for cosine: of unit rows, which is twice
/// the cosine distance) or summed absolute differences. It orders pairs as the distance does.
double distance_from_rank(double rank, Metric metric);
/// At least the rank of every pair that is at most `distance` apart, and hardly more.
template <class T>
T rank_not_below(double distance, Metric metric);

/// A copy of rows laid out for the distance kernels: panels of kLanes rows, dimension by dimension.
/// Lanes after the last row are infinitely far from everything.
template <class T>
class Panels {
 public:
  /// @param order  which rows to take, in this order
  Panels(MatrixView<T> rows, std::span<const std::uint32_t> order);
  /// All rows in their order.
  explicit Panels(MatrixView<T> rows);

  std::size_t num_panels() const { return num_panels_; }
  std::size_t num_dims() const { return num_dims_; }

  /// Ranks of `num_rows` <= kTileRows rows to a panel's: kLanes for each row.
  /// @param ranks  aligned to 64 bytes, kTileRows * kLanes of them
  void ranks(const T* const* rows, std::size_t num_rows, std::size_t panel, T* ranks) const;

  /// What `ranks` sums: squared differences unless said otherwise.
  void use_manhattan(bool manhattan);
  /// Products instead; for float alone. Lanes after the last row then hold any number.
  void use_products();

 private:
  struct Free {
    void operator()(T* values) const;
  };
  void fill(MatrixView<T> rows, std::span<const std::uint32_t> order);

  std::size_t num_dims_;
  std::size_t num_panels_;
  std::unique_ptr<T[], Free> values_;
  Kernels::Distances<T> kernel_;
};

}  // namespace finview::internal
