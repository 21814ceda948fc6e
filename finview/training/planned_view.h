#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace finview {

/// One view of a packed fin that is to be drawn.
struct PlannedView {
  std::size_t fin = 0;             ///< of the pack
  std::optional<std::size_t> cut;  ///< of the pack; the fin's trailing edge becomes that one
  std::uint64_t individual = 0;    ///< seed of the marks an invented individual wears
  bool mirrored = false;
};

}  // namespace finview
