#pragma once

#include "finview/vectors/kernels.h"
#include "finview/vectors/lanes_body.h"

// Of kernels_body.h: what moves the points of a map.
namespace finview::internal {

/// What the difference to another point is multiplied by, to give the gradient of a pull or push at
/// the squared distance.
template <class Isa, bool kPull>
inline __attribute__((always_inline)) void set_factor(const LayoutStep& step,
                                                      const Floats& squared,
                                                      Floats& factor) {
  const Floats zero = {};
  // Below 1e-12 the power would overflow the exponent trick; such points lie on one another.
  const Floats safe = squared > 1e-12F ? squared : zero + 1e-12F;
  Floats power;
  log2_lanes<Isa>(safe, power);
  power *= step.b;
  exp2_lanes<Isa>(power, power);
  const Floats curved = 1.0F + step.a * power;
  if constexpr (kPull) {
    factor = -2.0F * step.a * step.b * power / (safe * curved);
  } else {
    factor = 2.0F * step.repulsion * step.b / ((0.001F + squared) * curved);
  }
  factor = squared > 0.0F ? factor : zero;
}

template <class Isa>
inline __attribute__((always_inline)) void clip(Floats& step) {
  const Floats zero = {};
  step = step > 4.0F ? zero + 4.0F : step;
  step = step < -4.0F ? zero - 4.0F : step;
}

/// Adds the step that `others` make the points take to `moved`.
/// @tparam kDims  dimensions; 0: `step` says how many
template <class Isa, bool kPull, std::size_t kDims>
inline __attribute__((always_inline)) void add_steps(const LayoutStep& step,
                                                     const float* const* points,
                                                     const float* const* others,
                                                     Floats* moved) {
  const std::size_t num_dims = kDims > 0 ? kDims : step.num_dims;
  Floats squared = {};
  Floats factor;
  if constexpr (kDims == 2) {
    Floats at[2];
    Floats difference[2];
    load_plane<Isa>(points, at);
    load_plane<Isa>(others, difference);
    for (std::size_t d = 0; d < 2; ++d) {
      difference[d] = at[d] - difference[d];
      squared += difference[d] * difference[d];
    }
    set_factor<Isa, kPull>(step, squared, factor);
    for (std::size_t d = 0; d < 2; ++d) {
      difference[d] *= factor;
      clip<Isa>(difference[d]);
      moved[d] += difference[d];
    }
  } else {
    Floats at;
    Floats other;
    for (std::size_t d = 0; d < num_dims; ++d) {
      load_lanes<Isa>(points, d, at);
      load_lanes<Isa>(others, d, other);
      squared += (at - other) * (at - other);
    }
    set_factor<Isa, kPull>(step, squared, factor);
    for (std::size_t d = 0; d < num_dims; ++d) {
      load_lanes<Isa>(points, d, at);
      load_lanes<Isa>(others, d, other);
      Floats one = factor * (at - other);
      clip<Isa>(one);
      moved[d] += one;
    }
  }
}

template <class Isa, std::size_t kDims>
inline __attribute__((always_inline)) void move_points_in(const LayoutStep& step,
                                                          const LayoutLanes& lanes,
                                                          Floats* moved,
                                                          Floats* pulled) {
  const std::size_t num_dims = kDims > 0 ? kDims : step.num_dims;
  for (std::size_t d = 0; d < num_dims; ++d) pulled[d] = Floats{};
  add_steps<Isa, true, kDims>(step, lanes.points, lanes.pulls, pulled);
  for (std::size_t d = 0; d < num_dims; ++d) moved[d] = pulled[d];
  Words draws;
  __builtin_memcpy(&draws, lanes.draws, sizeof(draws));
  for (std::size_t push = 0; push < step.num_pushes; ++push) {
    const float* pushers[kLayoutLanes];
    draw_pushers<Isa>(step, num_dims, draws, pushers);
    draws += LayoutLanes::kDraw;
    add_steps<Isa, false, kDims>(step, lanes.points, pushers, moved);
  }
  for (std::size_t d = 0; d < num_dims; ++d) {
    moved[d] *= step.rate;
    pulled[d] *= step.rate;
  }
}

template <class Isa>
void move_points(const LayoutStep& step, const LayoutLanes& lanes, float* moved, float* pulled) {
  if (step.num_dims == 2) {
    Floats moves[2];
    Floats pulls[2];
    move_points_in<Isa, 2>(step, lanes, moves, pulls);
    __builtin_memcpy(moved, moves, sizeof(moves));
    __builtin_memcpy(pulled, pulls, sizeof(pulls));
    return;
  }
  move_points_in<Isa, 0>(
      step, lanes, reinterpret_cast<Floats*>(moved), reinterpret_cast<Floats*>(pulled));
}

}  // namespace finview::internal
