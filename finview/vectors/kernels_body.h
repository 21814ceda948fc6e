#pragma once

#include "finview/vectors/kernels.h"
#include "finview/vectors/layout_kernel_body.h"

// The body of every kernels_*.cc. `Isa` is a type of the file's own, so that each file has
// functions of its own names: the linker must not take one instruction set's code for another's.
// For the same reason nothing of the standard library is called here.
namespace finview::internal {

enum class TileOperation { kSquare, kAbsolute, kProduct };

/// As many vectors of `kBytes` as fit the registers are summed at a time.
template <class Isa, std::size_t kBytes, class T, TileOperation kOperation>
void tile_distances(const T* const* rows, const T* panel, std::size_t num_dims, T* distances) {
  using Lanes __attribute__((vector_size(kBytes))) = T;
  constexpr std::size_t kWidth = kBytes / sizeof(T);
  constexpr std::size_t kColumns = kBytes < 64 ? 2 : 1;
  for (std::size_t first = 0; first < kLanes<T>; first += kColumns * kWidth) {
    Lanes sums[kTileRows][kColumns] = {};
    for (std::size_t d = 0; d < num_dims; ++d) {
      const auto* others = reinterpret_cast<const Lanes*>(panel + d * kLanes<T> + first);
#pragma GCC unroll 6
      for (std::size_t r = 0; r < kTileRows; ++r) {
#pragma GCC unroll 2
        for (std::size_t c = 0; c < kColumns; ++c) {
          if constexpr (kOperation == TileOperation::kProduct) {
            sums[r][c] += rows[r][d] * others[c];
            continue;
          }
          const Lanes difference = rows[r][d] - others[c];
          if constexpr (kOperation == TileOperation::kSquare) {
            sums[r][c] += difference * difference;
          } else {
            sums[r][c] += difference < 0 ? -difference : difference;
          }
        }
      }
    }
#pragma GCC unroll 6
    for (std::size_t r = 0; r < kTileRows; ++r) {
      auto* out = reinterpret_cast<Lanes*>(distances + r * kLanes<T> + first);
#pragma GCC unroll 2
      for (std::size_t c = 0; c < kColumns; ++c) out[c] = sums[r][c];
    }
  }
}

/// @tparam kBytes  of a vector register
template <class Isa, std::size_t kBytes>
Kernels make_kernels() {
  return {tile_distances<Isa, kBytes, float, TileOperation::kSquare>,
          tile_distances<Isa, kBytes, double, TileOperation::kSquare>,
          tile_distances<Isa, kBytes, float, TileOperation::kAbsolute>,
          tile_distances<Isa, kBytes, double, TileOperation::kAbsolute>,
          tile_distances<Isa, kBytes, float, TileOperation::kProduct>,
          move_points<Isa>};
}

}  // namespace finview::internal
