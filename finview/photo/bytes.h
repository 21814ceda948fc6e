#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Bounds-checked reading of the fixed fields of file headers.
namespace finview::internal {

using ByteSpan = std::span<const std::uint8_t>;

/// `size` bytes (at most 4) from `at` on as a number; bytes after the end read as 0.
inline std::uint32_t little_endian(ByteSpan bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size && at + i < bytes.size(); ++i) {
    value |= std::uint32_t{bytes[at + i]} << (8 * i);
  }
  return value;
}

inline std::uint32_t big_endian(ByteSpan bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value = (value << 8) | (at + i < bytes.size() ? bytes[at + i] : 0u);
  }
  return value;
}

inline bool text_at(ByteSpan bytes, std::size_t at, std::string_view text) {
  if (bytes.size() < text.size() || at > bytes.size() - text.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (bytes[at + i] != static_cast<std::uint8_t>(text[i])) return false;
  }
  return true;
}

}  // namespace finview::internal
