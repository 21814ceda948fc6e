#pragma once

#include <cstddef>
#include <cstdint>

namespace finview::internal {

/// Rows that one call of a distance kernel compares with one panel.
inline constexpr std::size_t kTileRows = 6;

/// Rows that lie side by side in a panel: a cache line of them.
template <class T>
inline constexpr std::size_t kLanes = 64 / sizeof(T);

/// Points that one call of the layout kernel moves, side by side.
inline constexpr std::size_t kLayoutLanes = 8;

/// What a step of the map's optimization needs to know (umap_layout.h).
struct LayoutStep {
  float a = 0;  ///< of the curve 1 / (1 + a distance^2b)
  float b = 0;
  float repulsion = 1;
  float rate = 1;
  std::size_t num_dims = 2;
  std::size_t num_pushes = 5;      ///< on each point, by rows of `pushers` drawn at random
  const float* pushers = nullptr;  ///< num_pushers x num_dims
  std::size_t num_pushers = 0;     ///< at most 2^24 of them take part
  std::uint32_t stream = 0;        ///< of random numbers
};

/// The points to move, and what pulls them.
struct LayoutLanes {
  const float* points[kLayoutLanes];
  const float* pulls[kLayoutLanes];
  /// Where in the stream each lane's random numbers begin; those after it are kDraw apart.
  std::uint32_t draws[kLayoutLanes];
  static constexpr std::uint32_t kDraw = 0x9e3779b9U;
};

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

  /// How far each lane's point moves: by one pull and some pushes from where it stands, each
  /// component of each clipped to +-4. A lane depends on nothing but itself.
  /// @param moved, pulled  in all, and by the pull alone; num_dims x kLayoutLanes
  void (*move_points)(const LayoutStep& step,
                      const LayoutLanes& lanes,
                      float* moved,
                      float* pulled);
};

/// The fastest that this processor runs; chosen once.
const Kernels& kernels();

// One for each kernels_*.cc; the first runs everywhere.
Kernels baseline_kernels();
Kernels avx2_kernels();
Kernels avx512_kernels();

}  // namespace finview::internal
