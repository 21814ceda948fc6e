#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace finview {

/// Writes one JSON object, field by field, for lists of many rows: several times as fast as
/// building it in memory first.
class JsonText {
 public:
  JsonText& field(std::string_view name, std::string_view value);
  JsonText& field(std::string_view name, const std::string& value) {
    return field(name, std::string_view(value));
  }
  JsonText& field(std::string_view name, const char* value) {
    return field(name, std::string_view(value));
  }
  JsonText& field(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  template <std::integral Number>
  JsonText& field(std::string_view name, Number value) {
    return raw(name, std::to_string(value));
  }
  /// The shortest text that reads back as the same number; null where it is not finite.
  JsonText& field(std::string_view name, float value);
  JsonText& field(std::string_view name, double value);
  JsonText& field(std::string_view name, const std::optional<double>& value) {
    return value ? field(name, *value) : raw(name, "null");
  }
  JsonText& field(std::string_view name, const std::vector<std::string>& values);
  /// null for 0.
  JsonText& id(std::string_view name, std::int64_t value) {
    return value == 0 ? raw(name, "null") : field(name, value);
  }
  /// `value` is JSON.
  JsonText& raw(std::string_view name, std::string_view value);

  std::string text() {
    text_ += text_.empty() ? "{}" : "}";
    return std::move(text_);
  }

 private:
  std::string text_;
};

}  // namespace finview
