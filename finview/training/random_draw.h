#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>

namespace finview {

/// Random numbers that are the same on every platform for one seed.
class RandomDraw {
 public:
  explicit RandomDraw(std::uint64_t seed) : engine_(seed) {}

  /// In [0, 1).
  double unit() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * unit(); }
  /// Every ratio equally likely; both ends > 0.
  double log_uniform(double low, double high) {
    return std::exp(uniform(std::log(low), std::log(high)));
  }
  bool chance(double probability) { return unit() < probability; }
  /// In [0, count); count > 0.
  std::size_t index(std::size_t count) {
    return static_cast<std::size_t>(unit() * static_cast<double>(count));
  }
  std::uint64_t bits() { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace finview
