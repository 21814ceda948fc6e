#pragma once

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/photo_fixtures.h"

/// What the makers of photo files share.
namespace finview::test {

inline void append(Bytes& bytes, const Bytes& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

inline void append_number(Bytes& bytes, std::uint32_t value, int size, bool big_endian) {
  for (int i = 0; i < size; ++i) {
    const int shift = 8 * (big_endian ? size - 1 - i : i);
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

/// Degrees, minutes and seconds of an angle, without its sign.
inline std::vector<double> dms(double degrees) {
  const double size = std::abs(degrees);
  const double minutes = (size - std::floor(size)) * 60;
  return {std::floor(size), std::floor(minutes), (minutes - std::floor(minutes)) * 60};
}

inline void check(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("cannot make ") + what);
}

}  // namespace finview::test
