#include "finview/pipeline/dataset_json.h"

#include "finview/base/error.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace finview::internal {

using nlohmann::ordered_json;

ordered_json parse_json(std::string_view text, const std::string& source) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  try {
    return ordered_json::parse(text);
  } catch (const ordered_json::parse_error& error) {
    throw Error(ErrorKind::kBadInput, source + ": is not JSON: " + error.what());
  }
}

std::string json_file(const ordered_json& root) {
  try {
    return root.dump(1) + "\n";
  } catch (const ordered_json::type_error& error) {
    throw Error(ErrorKind::kBadInput,
                std::string("A name or label is not UTF-8, which JSON cannot hold; rename it or "
                            "choose another form: ") +
                    error.what());
  }
}

std::string json_text(const ordered_json& object, const char* key) {
  const auto member = object.find(key);
  if (member == object.end() || member->is_null()) return {};
  return member->is_string() ? member->get<std::string>() : member->dump();
}

double json_number(const ordered_json& object, const char* key, double fallback) {
  const auto member = object.find(key);
  if (member == object.end() || !member->is_number()) return fallback;
  const auto value = member->get<double>();
  return std::isfinite(value) ? value : fallback;
}

std::map<std::string, std::string> json_attributes(const ordered_json& object) {
  std::map<std::string, std::string> attributes;
  if (!object.is_object()) return attributes;
  for (const auto& [key, value] : object.items()) attributes[key] = json_text(object, key.c_str());
  return attributes;
}

std::string with_slashes(std::string name) {
  std::replace(name.begin(), name.end(), '\\', '/');
  return name;
}

std::string take_attribute(std::map<std::string, std::string>& attributes,
                           std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const auto found = attributes.find(key);
    if (found == attributes.end() || found->second.empty()) continue;
    std::string value = found->second;
    attributes.erase(found);
    return value;
  }
  return {};
}

}  // namespace finview::internal
