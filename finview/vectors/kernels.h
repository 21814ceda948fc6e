#pragma once

#include <cstddef>
#include <cstdint>

namespace finview::internal {

/// Rows that one call of a distance kernel compares with one panel.
inline constexpr std::size_t kTileRows = 6;

/// Rows that lie side by side in a panel: a cache line of them.
template <class T>
inline constexpr std::size_t kLanes = 64 / sizeof(T);

/// What a step of the map's optimization needs to know (umap_layout.h).
struct LayoutCurve {
  float a = 0;
  float b = 0;
  float repulsion = 1;
};

/// Points that one call of the layout kernel moves a point by.
inline constexpr std::size_t kLayoutLanes = 8;

/// The innermost loops, compiled for one instruction set.
struct Kernels {
  /// distances[r * kLanes + lane] = sum over dimensions of (rows[r][d] - panel[d * kLanes +
  /// lane])^2 for r < kTileRows. `panel` is aligned to 64 bytes.
  template <class T>
  using Distances =
      void (*)(const T* const* rows, const T* panel, std::size_t num_dims, T* distances);
  Distances<float> squared_float;
  Distances<double> squared_double;
  Distances<float> absolute_float;  ///< of absolute differences instead of squares
  Distances<double> absolute_double;
  Distances<float> products;  ///< products instead of squared differences

  /// Moves `point` (num_dims numbers) by the pull of the first lane, if `has_pull`, and the pushes
  /// of the others up to `num_lanes`, each component of each lane clipped to +-4.
  /// @param others  kLayoutLanes places; those of lanes that are not used may be any
  /// @param pulled  how far the first lane alone moved the point; num_dims numbers
  void (*move_point)(const LayoutCurve& curve,
                     const float* const* others,
                     bool has_pull,
                     std::size_t num_lanes,
                     std::size_t num_dims,
                     float rate,
                     float* point,
                     float* pulled);
};

/// The fastest that this processor runs; chosen once.
const Kernels& kernels();

// One for each kernels_*.cc; the first runs everywhere.
Kernels baseline_kernels();
Kernels avx2_kernels();
Kernels avx512_kernels();

}  // namespace finview::internal
