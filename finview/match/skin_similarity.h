#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace finview {

/// Correlates the skin of one fin (`FinMarks::skin`) with that of many others. Immutable, so any
/// number of threads may ask.
class SkinMatcher {
 public:
  explicit SkinMatcher(std::span<const std::int8_t> skin);

  /// The largest normalized correlation over shifts of up to 8 pixels, of what is skin of both: -1
  /// to 1, 0 if one has none. About 0.1 ms.
  double similarity(std::span<const std::int8_t> other) const;

 private:
  /// Of each pixel; 0 where there is no skin.
  struct Planes {
    explicit Planes(std::span<const std::int8_t> skin);
    std::vector<std::int16_t> values, squares, masks;
  };

  Planes own_;
};

}  // namespace finview
