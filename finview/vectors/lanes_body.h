#pragma once

#include "finview/vectors/kernels.h"

#include <cstddef>
#include <cstdint>

// Of kernels_body.h: what is done to eight numbers at once.
namespace finview::internal {

using Floats __attribute__((vector_size(32))) = float;
using Ints __attribute__((vector_size(32))) = std::int32_t;
using Words __attribute__((vector_size(32))) = std::uint32_t;

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

/// A coordinate of each lane's point.
template <class Isa>
inline __attribute__((always_inline)) void load_lanes(const float* const* from,
                                                      std::size_t d,
                                                      Floats& lanes) {
  lanes = Floats{from[0][d],
                 from[1][d],
                 from[2][d],
                 from[3][d],
                 from[4][d],
                 from[5][d],
                 from[6][d],
                 from[7][d]};
}

/// Both coordinates of each lane's point on a plane, loaded together.
template <class Isa>
inline __attribute__((always_inline)) void load_plane(const float* const* from, Floats* lanes) {
  using Pairs __attribute__((vector_size(32))) = double;
  double pairs[kLayoutLanes];
  for (std::size_t lane = 0; lane < kLayoutLanes; ++lane) {
    __builtin_memcpy(&pairs[lane], from[lane], sizeof(double));
  }
  const auto even = (Floats)Pairs{pairs[0], pairs[1], pairs[4], pairs[5]};
  const auto odd = (Floats)Pairs{pairs[2], pairs[3], pairs[6], pairs[7]};
  lanes[0] = __builtin_shuffle(even, odd, Ints{0, 2, 8, 10, 4, 6, 12, 14});
  lanes[1] = __builtin_shuffle(even, odd, Ints{1, 3, 9, 11, 5, 7, 13, 15});
}

/// Draws a point of the map for each lane. Source of the mixing: Wellons, "Prospecting for Hash
/// Functions", 2018 (lowbias32), with the stream's number added in its middle.
template <class Isa>
inline __attribute__((always_inline)) void draw_pushers(const LayoutStep& step,
                                                        std::size_t num_dims,
                                                        const Words& draws,
                                                        const float** pushers) {
  Words bits = draws;
  bits = (bits ^ (bits >> 16)) * 0x7feb352dU;
  bits = ((bits ^ (bits >> 15)) + step.stream) * 0x846ca68bU;
  // The upper 24 bits, as a share of 1, times the number of points.
  const Floats share = __builtin_convertvector((Ints)((bits ^ (bits >> 16)) >> 8), Floats);
  const Floats scaled = share * (0x1p-24F * static_cast<float>(step.num_pushers));
  const Ints zero = {};
  const Ints last = zero + static_cast<std::int32_t>(step.num_pushers - 1);
  Ints found = __builtin_convertvector(scaled, Ints);
  found = found < last ? found : last;  // rounding may go beyond
  std::int32_t indices[kLayoutLanes];
  __builtin_memcpy(indices, &found, sizeof(found));
  for (std::size_t lane = 0; lane < kLayoutLanes; ++lane) {
    pushers[lane] = step.pushers + static_cast<std::size_t>(indices[lane]) * num_dims;
  }
}

}  // namespace finview::internal
