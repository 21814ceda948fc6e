#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace finview {

/// What a layer applies to each of its output values.
enum class DarknetActivation { kLinear, kLeaky, kMish, kRelu, kRelu6, kSwish, kLogistic };

/// One `[type]` section of a Darknet configuration.
///
/// The getters return the fallback where the key is absent and throw Error{kBadModel} that names
/// file, line, layer, key and value where the value is not what is asked for.
struct DarknetSection {
  std::string type;  ///< without brackets, lower case
  int line = 0;      ///< of the `[type]`, counted from 1
  std::map<std::string, std::string> values;
  std::map<std::string, int> value_lines;
  std::string source;
  int layer_index = -1;  ///< -1 for [net]

  bool has(const std::string& key) const { return values.count(key) != 0; }
  int get_int(const std::string& key, int fallback) const;
  double get_double(const std::string& key, double fallback) const;
  bool get_bool(const std::string& key, bool fallback) const;  ///< 0 or 1
  std::string get_string(const std::string& key, const std::string& fallback) const;
  /// Comma-separated; empty where the key is absent.
  std::vector<int> get_ints(const std::string& key) const;
  std::vector<double> get_doubles(const std::string& key) const;

  /// Of the key "activation", linear where it is absent.
  DarknetActivation get_activation() const;

  /// "yolo.cfg line 12, layer 3 [convolutional]", the beginning of every error about a section.
  std::string where() const;
  /// Throws Error{kBadModel}: "<where>: <fault>" with the line of `key` where it has one.
  [[noreturn]] void refuse(const std::string& key, const std::string& fault) const;
};

/// A network as a Darknet `.cfg` describes it, layers in order.
struct DarknetConfig {
  std::string source;  ///< file name, for errors
  DarknetSection net;
  std::vector<DarknetSection> layers;
};

/// Reads Darknet's configuration format: `[section]`, `key = value`, comments with # or ;.
///
/// Throws Error{kBadModel} with the line for text that is neither, for a key given twice, for a
/// section type, an activation or a setting that changes the output and is not supported.
/// Keys that only concern training are kept but not checked.
DarknetConfig parse_darknet_config(std::string_view text, const std::string& source);

}  // namespace finview
