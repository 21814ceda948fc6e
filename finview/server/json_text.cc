#include "finview/server/json_text.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/compile.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

void append(std::string& text, std::string_view value) {
  const bool is_plain = std::all_of(value.begin(), value.end(), [](char c) {
    return c >= ' ' && c != '"' && c != '\\' && c != '\x7F';
  });
  if (is_plain) {
    text += '"';
    text += value;
    text += '"';
    return;
  }
  // What is stored may be old and not quite UTF-8: it is shown, not refused.
  using nlohmann::json;
  text += json(value).dump(-1, ' ', false, json::error_handler_t::replace);
}

template <class Number>
std::string number(Number value) {
  return std::isfinite(value) ? fmt::format(FMT_COMPILE("{}"), value) : "null";
}

}  // namespace

JsonText& JsonText::raw(std::string_view name, std::string_view value) {
  text_ += text_.empty() ? "{\"" : ",\"";
  text_ += name;
  text_ += "\":";
  text_ += value;
  return *this;
}

JsonText& JsonText::field(std::string_view name, std::string_view value) {
  raw(name, {});
  append(text_, value);
  return *this;
}

JsonText& JsonText::field(std::string_view name, float value) { return raw(name, number(value)); }
JsonText& JsonText::field(std::string_view name, double value) { return raw(name, number(value)); }

JsonText& JsonText::field(std::string_view name, const std::vector<std::string>& values) {
  raw(name, "[");
  for (const std::string& value : values) {
    if (text_.back() != '[') text_ += ',';
    append(text_, value);
  }
  text_ += ']';
  return *this;
}

}  // namespace finview
