#include "finview/detection/darknet_config.h"

#include "finview/base/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::array<std::string_view, 6> kLayerTypes{
    "convolutional", "maxpool", "route", "shortcut", "upsample", "yolo"};

constexpr std::array<std::pair<std::string_view, DarknetActivation>, 7> kActivations{{
    {"linear", DarknetActivation::kLinear},
    {"leaky", DarknetActivation::kLeaky},
    {"mish", DarknetActivation::kMish},
    {"relu", DarknetActivation::kRelu},
    {"relu6", DarknetActivation::kRelu6},
    {"swish", DarknetActivation::kSwish},
    {"logistic", DarknetActivation::kLogistic},
}};

/// Settings that change a layer's output and that the engine does not have: key and the value
/// that means "not used".
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kUnsupported{{
    {"antialiasing", "0"},
    {"assisted_excitation", "0"},
    {"binary", "0"},
    {"deform", "0"},
    {"flipped", "0"},
    {"maxpool_depth", "0"},
    {"reverse", "0"},
    {"rotate", "0"},
    {"scale", "1"},
    {"share_index", ""},
    {"stretch", "0"},
    {"stretch_sway", "0"},
    {"sway", "0"},
    {"weights_type", "none"},
    {"xnor", "0"},
}};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\v\f";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// Darknet ignores white space inside keys and values too ("layers = -1, 61").
std::string without_space(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (trimmed(std::string_view(&c, 1)).size() == 1) result += c;
  }
  return result;
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

template <class Number>
bool parse_number(std::string_view text, Number& number) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc() && end == text.data() + text.size();
}

template <class Number>
Number parse_value(const DarknetSection& section, const std::string& key, std::string_view text) {
  Number number{};
  bool good = parse_number(text, number);
  if constexpr (std::is_floating_point_v<Number>) good = good && std::isfinite(number);
  if (!good) {
    section.refuse(key,
                   fmt::format("{} = {} is not {} number.",
                               key,
                               section.values.at(key),
                               std::is_integral_v<Number> ? "a whole" : "a finite"));
  }
  return number;
}

template <class Number>
Number get_number(const DarknetSection& section, const std::string& key, Number fallback) {
  const auto found = section.values.find(key);
  return found == section.values.end() ? fallback
                                       : parse_value<Number>(section, key, found->second);
}

template <class Number>
std::vector<Number> get_numbers(const DarknetSection& section, const std::string& key) {
  std::vector<Number> numbers;
  const auto found = section.values.find(key);
  if (found == section.values.end()) return numbers;
  std::string_view rest = found->second;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    numbers.push_back(parse_value<Number>(section, key, rest.substr(0, comma)));
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  }
  return numbers;
}

void check_layer(const DarknetSection& layer) {
  if (std::find(kLayerTypes.begin(), kLayerTypes.end(), layer.type) == kLayerTypes.end()) {
    layer.refuse("",
                 "this type of layer is not supported; supported are convolutional, maxpool, "
                 "route, shortcut, upsample and yolo.");
  }
  layer.get_activation();
  for (const auto& [key, unused] : kUnsupported) {
    const std::string name(key);
    if (layer.get_string(name, std::string(unused)) != unused) {
      layer.refuse(name, fmt::format("{} = {} is not supported.", name, layer.values.at(name)));
    }
  }
}

DarknetSection parse_header(std::string_view line, int number, const std::string& source) {
  if (!line.ends_with(']')) {
    throw Error(ErrorKind::kBadModel,
                fmt::format("{} line {}: the section \"{}\" lacks its closing bracket.",
                            source,
                            number,
                            line.substr(0, 80)));
  }
  DarknetSection section;
  section.type = lower(without_space(line.substr(1, line.size() - 2)));
  if (section.type == "network") section.type = "net";
  if (section.type == "conv") section.type = "convolutional";
  section.line = number;
  section.source = source;
  return section;
}

void parse_setting(std::string_view line, int number, DarknetSection& section) {
  const auto equals = line.find('=');
  const std::string key = without_space(line.substr(0, equals));
  if (equals == std::string_view::npos || key.empty()) {
    throw Error(ErrorKind::kBadModel,
                fmt::format("{} line {}: \"{}\" is neither [section] nor key = value.",
                            section.source,
                            number,
                            line.substr(0, 80)));
  }
  section.value_lines[key] = number;
  if (!section.values.emplace(key, without_space(line.substr(equals + 1))).second) {
    section.refuse(key, fmt::format("{} is given twice.", key));
  }
}

std::vector<DarknetSection> parse_sections(std::string_view text, const std::string& source) {
  std::vector<DarknetSection> sections;
  int number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    ++number;
    line = trimmed(line.substr(0, line.find_first_of("#;")));
    if (line.empty()) continue;
    if (line.front() == '[') {
      sections.push_back(parse_header(line, number, source));
      sections.back().layer_index = static_cast<int>(sections.size()) - 2;
    } else if (sections.empty()) {
      throw Error(ErrorKind::kBadModel,
                  fmt::format("{} line {}: \"{}\" stands before the first section; a Darknet "
                              "configuration begins with [net].",
                              source,
                              number,
                              line.substr(0, 80)));
    } else {
      parse_setting(line, number, sections.back());
    }
  }
  return sections;
}

}  // namespace

int DarknetSection::get_int(const std::string& key, int fallback) const {
  return get_number(*this, key, fallback);
}

double DarknetSection::get_double(const std::string& key, double fallback) const {
  return get_number(*this, key, fallback);
}

bool DarknetSection::get_bool(const std::string& key, bool fallback) const {
  const int value = get_int(key, fallback ? 1 : 0);
  if (value != 0 && value != 1) refuse(key, fmt::format("{} = {} must be 0 or 1.", key, value));
  return value == 1;
}

std::string DarknetSection::get_string(const std::string& key, const std::string& fallback) const {
  const auto found = values.find(key);
  return found == values.end() ? fallback : found->second;
}

std::vector<int> DarknetSection::get_ints(const std::string& key) const {
  return get_numbers<int>(*this, key);
}

std::vector<double> DarknetSection::get_doubles(const std::string& key) const {
  return get_numbers<double>(*this, key);
}

DarknetActivation DarknetSection::get_activation() const {
  const std::string name = get_string("activation", "linear");
  for (const auto& [known, activation] : kActivations) {
    if (name == known) return activation;
  }
  refuse("activation",
         fmt::format("activation = {} is not supported; supported are linear, leaky, mish, relu, "
                     "relu6, swish and logistic.",
                     name));
}

std::string DarknetSection::where() const {
  if (layer_index < 0) return fmt::format("{} line {} [{}]", source, line, type);
  return fmt::format("{} line {}, layer {} [{}]", source, line, layer_index, type);
}

void DarknetSection::refuse(const std::string& key, const std::string& fault) const {
  DarknetSection place = *this;
  if (const auto found = value_lines.find(key); found != value_lines.end()) {
    place.line = found->second;
  }
  throw Error(ErrorKind::kBadModel, fmt::format("{}: {}", place.where(), fault));
}

DarknetConfig parse_darknet_config(std::string_view text, const std::string& source) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<DarknetSection> sections = parse_sections(text, source);
  if (sections.empty() || sections.front().type != "net") {
    throw Error(ErrorKind::kBadModel,
                fmt::format("{}: a Darknet configuration begins with [net]; this file begins with "
                            "{}.",
                            source,
                            sections.empty() ? "nothing" : "[" + sections.front().type + "]"));
  }
  DarknetConfig config;
  config.source = source;
  config.net = std::move(sections.front());
  config.layers.assign(std::make_move_iterator(sections.begin() + 1),
                       std::make_move_iterator(sections.end()));
  if (config.layers.empty()) config.net.refuse("", "the network has no layers.");
  for (const DarknetSection& layer : config.layers) check_layer(layer);
  return config;
}

}  // namespace finview
