#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>

namespace finview::synthetic {

/// Mixes numbers into a seed (the finalizer of SplitMix64, Steele et al. 2014).
inline std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

/// The seed of one thing among many: independent of the order in which things are made.
inline std::uint64_t derive_seed(std::uint64_t seed, std::initializer_list<std::uint64_t> path) {
  for (const std::uint64_t step : path) seed = mix(seed ^ mix(step));
  return seed;
}

/// A small generator whose numbers are the same on every machine and compiler.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(mix(seed)) {}

  std::uint64_t bits() { return mix(state_++); }
  /// In [0, 1).
  double unit() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }
  double uniform(double low, double high) { return low + (high - low) * unit(); }
  double log_uniform(double low, double high) {
    return std::exp(uniform(std::log(low), std::log(high)));
  }
  bool chance(double probability) { return unit() < probability; }
  /// In [0, count).
  int below(int count) { return static_cast<int>(bits() % static_cast<std::uint64_t>(count)); }
  double normal(double mean = 0, double deviation = 1) {
    const double radius = std::sqrt(-2 * std::log(1 - unit()));
    return mean + deviation * radius * std::cos(2 * M_PI * unit());
  }
  int poisson(double mean) {
    const double limit = std::exp(-mean);
    int count = -1;
    for (double product = 1; product > limit; product *= unit()) ++count;
    return count < 0 ? 0 : count;
  }

 private:
  std::uint64_t state_;
};

}  // namespace finview::synthetic
