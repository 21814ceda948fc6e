#pragma once

#include "finview/base/error.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

namespace finview {

static_assert(std::endian::native == std::endian::little, "packs are little-endian");

/// Puts numbers, texts and arrays one after the other.
class PackWriter {
 public:
  explicit PackWriter(std::string_view magic) : bytes(magic.begin(), magic.end()) {}

  template <class Number>
  void number(const Number& value) {
    static_assert(std::is_trivially_copyable_v<Number>);
    const auto* begin = reinterpret_cast<const std::uint8_t*>(&value);
    bytes.insert(bytes.end(), begin, begin + sizeof(value));
  }
  void text(const std::string& value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes.insert(bytes.end(), value.begin(), value.end());
  }
  template <class Number>
  void blob(const std::vector<Number>& value) {
    const std::size_t size = value.size() * sizeof(Number);
    number(static_cast<std::uint64_t>(size));
    const auto* begin = reinterpret_cast<const std::uint8_t*>(value.data());
    bytes.insert(bytes.end(), begin, begin + size);
  }

  std::vector<std::uint8_t> bytes;
};

/// Takes them out again. Throws Error{kBadInput} that names `source` and `sample` where the bytes
/// end too early.
class PackReader {
 public:
  PackReader(const std::vector<std::uint8_t>& bytes, std::string source)
      : bytes_(bytes), source_(std::move(source)) {}

  /// `what`: "a fin pack; make one with …".
  void expect(std::string_view magic, std::string_view what) {
    if (!skip_if(magic)) {
      throw Error(ErrorKind::kBadInput, fmt::format("{}: is not {}", source_, what));
    }
  }
  /// Whether `text` comes next; goes past it then.
  bool skip_if(std::string_view text) {
    if (bytes_.size() - position_ < text.size() ||
        std::memcmp(bytes_.data() + position_, text.data(), text.size()) != 0) {
      return false;
    }
    position_ += text.size();
    return true;
  }
  void expect_end() const {
    if (position_ != bytes_.size()) {
      throw Error(ErrorKind::kBadInput, source_ + ": holds more bytes than its samples need");
    }
  }

  template <class Number>
  Number number() {
    static_assert(std::is_trivially_copyable_v<Number>);
    Number value;
    std::memcpy(&value, take(sizeof(value)), sizeof(value));
    return value;
  }
  std::string text() {
    const auto size = number<std::uint32_t>();
    const auto* begin = reinterpret_cast<const char*>(take(size));
    return {begin, size};
  }
  template <class Number>
  std::vector<Number> blob() {
    const auto size = number<std::uint64_t>();
    const std::uint8_t* begin = take(size);
    std::vector<Number> values(size / sizeof(Number));
    if (!values.empty()) std::memcpy(values.data(), begin, values.size() * sizeof(Number));
    return values;
  }

  std::size_t sample = 0;

 private:
  const std::uint8_t* take(std::uint64_t count) {
    if (bytes_.size() - position_ < count) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("{}: breaks off in sample {}; make the pack again", source_, sample));
    }
    position_ += count;
    return bytes_.data() + position_ - count;
  }

  const std::vector<std::uint8_t>& bytes_;
  std::string source_;
  std::size_t position_ = 0;
};

}  // namespace finview
