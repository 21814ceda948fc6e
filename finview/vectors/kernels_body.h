#pragma once

#include "finview/vectors/kernels.h"

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

using Floats __attribute__((vector_size(32))) = float;
using Ints __attribute__((vector_size(32))) = std::int32_t;

/// log2 of positive numbers to 2e-7: the exponent, and a polynomial for the logarithm of a mantissa
/// in [1/sqrt(2), sqrt(2)) (coefficients: Moshier, Cephes, logf).
template <class Isa>
inline __attribute__((always_inline)) void log2_lanes(const Floats& x, Floats& result) {
  const Ints bits = (Ints)x;
  const Ints exponent = (bits - 0x3f3504f3) >> 23;
  const Floats m = (Floats)(bits - (exponent << 23)) - 1.0F;
  const Floats square = m * m;
  Floats p = m * 7.0376836292e-2F - 1.1514610310e-1F;
  p = p * m + 1.1676998740e-1F;
  p = p * m - 1.2420140846e-1F;
  p = p * m + 1.4249322787e-1F;
  p = p * m - 1.6668057665e-1F;
  p = p * m + 2.0000714765e-1F;
  p = p * m - 2.4999993993e-1F;
  p = p * m + 3.3333331174e-1F;
  const Floats logarithm = m - 0.5F * square + p * m * square;
  result = __builtin_convertvector(exponent, Floats) + 1.442695041F * logarithm;
}

/// 2^x to 2e-7 for x in [-126, 126].
template <class Isa>
inline __attribute__((always_inline)) void exp2_lanes(const Floats& exponent, Floats& result) {
  const Floats zero = {};
  Floats x = exponent < -126.0F ? zero - 126.0F : exponent;
  x = x > 126.0F ? zero + 126.0F : x;
  const Floats shifted = x + 12582912.0F;  // 1.5 * 2^23: rounds to the nearest integer
  const Floats fraction = x - (shifted - 12582912.0F);
  const Ints whole = (Ints)shifted << 23;
  const Floats y = fraction * 0.693147181F;
  const Floats power =
      1.0F +
      y * (1.0F + y * (0.5F + y * (0.166666667F + y * (0.0416666667F + y * (0.00833333333F +
                                                                            y * 0.00138888889F)))));
  result = (Floats)((Ints)power + whole);
}

template <class Isa>
void move_point_lanes(const LayoutCurve& curve,
                      const float* const* others,
                      bool has_pull,
                      std::size_t num_lanes,
                      std::size_t num_dims,
                      float rate,
                      float* point,
                      float* pulled) {
  const auto set_difference = [&](std::size_t d, Floats& difference) {
    const float at = point[d];
    difference = Floats{at - others[0][d],
                        at - others[1][d],
                        at - others[2][d],
                        at - others[3][d],
                        at - others[4][d],
                        at - others[5][d],
                        at - others[6][d],
                        at - others[7][d]};
  };
  constexpr std::size_t kKept = 2;  // dimensions whose differences stay in registers
  Floats kept[kKept] = {};
  Floats squared = {};
  for (std::size_t d = 0; d < num_dims; ++d) {
    Floats difference;
    set_difference(d, difference);
    squared += difference * difference;
    if (d < kKept) kept[d] = difference;
  }
  const Floats zero = {};
  const Ints lane = {0, 1, 2, 3, 4, 5, 6, 7};
  const Ints is_pull = lane < (has_pull ? 1 : 0);
  const Ints is_used = lane < static_cast<std::int32_t>(num_lanes);
  // Below 1e-12 the power would overflow the exponent trick; such points lie on one another.
  const Floats safe = squared > 1e-12F ? squared : zero + 1e-12F;
  Floats power;
  log2_lanes<Isa>(safe, power);
  power *= curve.b;
  exp2_lanes<Isa>(power, power);
  const Floats curved = 1.0F + curve.a * power;
  const Floats above =
      is_pull ? -2.0F * curve.a * curve.b * power : zero + 2.0F * curve.repulsion * curve.b;
  const Floats below = (is_pull ? safe : 0.001F + squared) * curved;
  Floats factor = above / below;
  factor = (is_used & (squared > 0.0F)) ? factor : zero;
  for (std::size_t d = 0; d < num_dims; ++d) {
    Floats difference;
    if (d < kKept) {
      difference = kept[d];
    } else {
      set_difference(d, difference);
    }
    Floats step = factor * difference;
    step = step > 4.0F ? zero + 4.0F : step;
    step = step < -4.0F ? zero - 4.0F : step;
    const float sum =
        ((step[0] + step[4]) + (step[1] + step[5])) + ((step[2] + step[6]) + (step[3] + step[7]));
    point[d] += rate * sum;
    pulled[d] = rate * step[0];
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
          move_point_lanes<Isa>};
}

}  // namespace finview::internal
