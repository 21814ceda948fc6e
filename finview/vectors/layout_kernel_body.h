#pragma once

#include "finview/vectors/kernels.h"

// Of kernels_body.h: what moves the points of a map.
namespace finview::internal {

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

/// How far a coordinate lies from that of each lane.
template <class Isa>
inline __attribute__((always_inline)) void set_difference(float at,
                                                          const float* const* others,
                                                          std::size_t d,
                                                          Floats& difference) {
  difference = Floats{at - others[0][d],
                      at - others[1][d],
                      at - others[2][d],
                      at - others[3][d],
                      at - others[4][d],
                      at - others[5][d],
                      at - others[6][d],
                      at - others[7][d]};
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
  constexpr std::size_t kKept = 2;  // dimensions whose differences stay in registers
  Floats kept[kKept] = {};
  Floats squared = {};
  for (std::size_t d = 0; d < num_dims; ++d) {
    Floats difference;
    set_difference<Isa>(point[d], others, d, difference);
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
      set_difference<Isa>(point[d], others, d, difference);
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

}  // namespace finview::internal
