#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace finview::internal {

/// Random numbers that are the same on every platform for one seed, and cheap to begin: one for
/// each point and step. Source: Steele, Lea & Flood, "Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014 (SplitMix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  /// Streams of one seed that do not resemble each other.
  Random(std::uint64_t seed, std::uint64_t stream)
      : state_(mixed(seed + 0x9e3779b97f4a7c15ULL) ^ mixed(stream * 0xd1342543de82ef95ULL + 1)) {}

  std::uint64_t bits() { return mixed(state_ += 0x9e3779b97f4a7c15ULL); }
  /// In [0, 1).
  double unit() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }
  /// In [0, count); 0 < count <= 2^32.
  std::size_t index(std::size_t count) {
    return static_cast<std::size_t>(((bits() >> 32U) * count) >> 32U);
  }
  /// Of the standard normal distribution (Box & Muller, 1958).
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - unit()));
    return radius * std::cos(2 * M_PI * unit());
  }

 private:
  static std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31U);
  }

  std::uint64_t state_;
};

}  // namespace finview::internal
