#include "finview/base/options_json.h"

#include "finview/base/error.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace finview::internal {

using nlohmann::json;

namespace {

std::shared_ptr<const json> parse(const std::string& text) {
  try {
    return std::make_shared<const json>(json::parse(text));
  } catch (const json::exception&) {
    throw Error(ErrorKind::kBadOptions, "The options are not valid JSON.");
  }
}

/// A whole number, also if it was written 3.0; nothing for everything else.
std::optional<std::int64_t> whole_number(const json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > std::uint64_t{1} << 62) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return std::nullopt;
  const auto number = value.get<double>();
  if (number != std::floor(number) || std::abs(number) > 9e15) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

}  // namespace

JsonOptionReader::JsonOptionReader(const std::string& text)
    : parsed_(parse(text)), values_(*parsed_) {}

const json* JsonOptionReader::find(const std::string& name) {
  names_.push_back(name);
  if (!values_.is_object()) return nullptr;
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &*found;
}

void JsonOptionReader::field(const std::string& name, bool& value, const std::string&) {
  const json* found = find(name);
  if (!found) return;
  if (found->is_boolean()) {
    value = found->get<bool>();
  } else {
    faults_.push_back(fmt::format("{} must be true or false.", name));
  }
}

void JsonOptionReader::field(const std::string& name,
                             std::string& value,
                             const std::string&,
                             const std::vector<std::string>&) {
  const json* found = find(name);
  if (!found) return;
  if (found->is_string()) {
    value = found->get<std::string>();
  } else {
    faults_.push_back(fmt::format("{} must be a text.", name));
  }
}

void JsonOptionReader::field(const std::string& name,
                             std::int64_t& value,
                             const std::string&,
                             std::int64_t min,
                             std::int64_t max) {
  const json* found = find(name);
  if (!found) return;
  if (const auto number = whole_number(*found)) {
    value = *number;
  } else {
    faults_.push_back(fmt::format("{} must be a whole number from {} to {}.", name, min, max));
  }
}

void JsonOptionReader::field(
    const std::string& name, double& value, const std::string&, double min, double max) {
  const json* found = find(name);
  if (!found) return;
  if (found->is_number()) {
    value = found->get<double>();
  } else {
    faults_.push_back(fmt::format("{} must be a number from {} to {}.", name, min, max));
  }
}

void JsonOptionReader::finish() const {
  std::vector<std::string> faults = faults_;
  if (!values_.is_object()) {
    faults.push_back("The options must be an object of names and values.");
  } else {
    for (const auto& [name, value] : values_.items()) {
      if (std::find(names_.begin(), names_.end(), name) != names_.end()) continue;
      faults.push_back(names_.empty() ? fmt::format("There is no option \"{}\".", name)
                                      : fmt::format("There is no option \"{}\"; there are {}.",
                                                    name,
                                                    fmt::join(names_, ", ")));
    }
  }
  throw_bad_options(faults);
}

json& JsonOptionWriter::add(const std::string& name, const char* type, const std::string& help) {
  fields_.push_back(json{{"name", name}, {"type", type}, {"help", help}, {"locked", false}});
  return fields_.back();
}

void JsonOptionWriter::field(const std::string& name, bool& value, const std::string& help) {
  add(name, "boolean", help)["default"] = value;
  values_[name] = value;
}

void JsonOptionWriter::field(const std::string& name,
                             std::string& value,
                             const std::string& help,
                             const std::vector<std::string>& choices) {
  json& field = add(name, "text", help);
  field["default"] = value;
  if (!choices.empty()) field["choices"] = choices;
  values_[name] = value;
}

void JsonOptionWriter::field(const std::string& name,
                             std::int64_t& value,
                             const std::string& help,
                             std::int64_t min,
                             std::int64_t max) {
  json& field = add(name, "integer", help);
  field["default"] = value;
  field["min"] = min;
  field["max"] = max;
  values_[name] = value;
}

void JsonOptionWriter::field(
    const std::string& name, double& value, const std::string& help, double min, double max) {
  json& field = add(name, "number", help);
  field["default"] = value;
  field["min"] = min;
  field["max"] = max;
  values_[name] = value;
}

}  // namespace finview::internal
