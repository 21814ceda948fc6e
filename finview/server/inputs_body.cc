#include "finview/server/inputs.h"

#include <algorithm>
#include <cmath>
#include <regex>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxNotes = 20000;
constexpr std::size_t kMaxIds = 10000;

std::size_t num_characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::optional<std::int64_t> whole(const json& value) {
  if (value.is_number_float()) {
    const auto number = value.get<double>();
    if (number != std::floor(number) || std::abs(number) > 9e15) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (!value.is_number_integer()) return std::nullopt;
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{1} << 62) {
    return std::nullopt;
  }
  return value.get<std::int64_t>();
}

}  // namespace

std::string read_body(const HttpRequest& request, std::uint64_t max_bytes) {
  std::string body;
  bool too_large = false;
  const bool whole_body = request.read_body([&](std::span<const char> piece) {
    too_large = body.size() + piece.size() > max_bytes;
    if (too_large) return false;
    body.append(piece.data(), piece.size());
    return true;
  });
  if (too_large) {
    throw Problem(413, "too-large", fmt::format("At most {} bytes can be sent here.", max_bytes));
  }
  if (!whole_body) throw Error(ErrorKind::kBadInput, "The body of the request broke off.");
  return body;
}

Body::Body(const HttpRequest& request, bool optional) {
  const std::string type = request.header("Content-Type");
  const std::string text = read_body(request, kMaxJsonBytes);
  if (text.empty() && optional) {
    json_ = std::make_unique<json>(json::object());
    return;
  }
  if (!type.starts_with("application/json")) {
    throw Problem(415, "bad-input", "The body must be application/json.");
  }
  // 64 levels are more than any request needs; far more would exhaust the stack of who reads it.
  const json::parser_callback_t limit_depth = [](int depth, json::parse_event_t, json&) {
    if (depth > 64) throw Error(ErrorKind::kBadInput, "The JSON of the body is nested too deep.");
    return true;
  };
  try {
    json_ = std::make_unique<json>(json::parse(text, limit_depth));
  } catch (const json::exception&) {
    throw Error(ErrorKind::kBadInput, "The body is not valid JSON in UTF-8.");
  }
  if (!json_->is_object()) throw Error(ErrorKind::kBadInput, "The body must be a JSON object.");
}

Body::~Body() = default;

bool Body::has(const std::string& name) const { return json_->contains(name); }

void Body::require(const std::string& name) {
  if (!has(name)) faults_.add(fmt::format("{} is missing.", name));
}

const json* Body::find(const std::string& name) {
  names_.push_back(name);
  const auto found = json_->find(name);
  return found == json_->end() ? nullptr : &*found;
}

const json& Body::value(const std::string& name) {
  static const json kNull;
  const json* found = find(name);
  return found ? *found : kNull;
}

void Body::text(const std::string& name,
                std::string& value,
                std::size_t max_characters,
                std::size_t min_characters) {
  const json* found = find(name);
  if (!found) return;
  if (!found->is_string() || !is_clean_text(found->get_ref<const std::string&>())) {
    return faults_.add(fmt::format("{} must be a text without control characters.", name));
  }
  value = found->get<std::string>();
  const std::size_t length = num_characters(value);
  if (length >= min_characters && length <= max_characters) return;
  faults_.add(fmt::format("{} has {} characters; it must have {} to {}.",
                          name,
                          length,
                          min_characters,
                          max_characters));
}

void Body::notes(const std::string& name, std::string& value) {
  const json* found = find(name);
  if (!found) return;
  std::string flat = found->is_string() ? found->get<std::string>() : "\x01";
  std::replace_if(
      flat.begin(), flat.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  if (!is_clean_text(flat) || num_characters(flat) > kMaxNotes) {
    return faults_.add(fmt::format(
        "{} must be a text of at most {} characters, without control characters but line ends.",
        name,
        kMaxNotes));
  }
  value = found->get<std::string>();
}

void Body::choice(const std::string& name,
                  std::string& value,
                  const std::vector<std::string>& choices) {
  const json* found = find(name);
  if (!found) return;
  if (found->is_string() &&
      std::find(choices.begin(), choices.end(), found->get<std::string>()) != choices.end()) {
    value = found->get<std::string>();
    return;
  }
  faults_.add(fmt::format("{} must be one of \"{}\".", name, fmt::join(choices, "\", \"")));
}

void Body::time(const std::string& name, std::string& value) {
  static const std::regex kTime(
      "(\\d{4}(-\\d{2}(-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?Z?)?)?)?)?");
  const json* found = find(name);
  if (!found) return;
  if (found->is_string()) {
    const auto& text = found->get_ref<const std::string&>();
    if (text.size() <= 30 && std::regex_match(text, kTime)) {
      value = text;
      return;
    }
  }
  faults_.add(fmt::format(
      "{} must be a time as 2012-03-07 or 2012-03-07T14:05:09, or empty if it is not known.",
      name));
}

void Body::number(const std::string& name,
                  std::int64_t& value,
                  std::int64_t min,
                  std::int64_t max) {
  const json* found = find(name);
  if (!found) return;
  const auto number = whole(*found);
  if (number && *number >= min && *number <= max) {
    value = *number;
    return;
  }
  faults_.add(fmt::format("{} must be a whole number from {} to {}.", name, min, max));
}

void Body::flag(const std::string& name, bool& value) {
  const json* found = find(name);
  if (!found) return;
  if (!found->is_boolean()) return faults_.add(fmt::format("{} must be true or false.", name));
  value = found->get<bool>();
}

void Body::id(const std::string& name, std::int64_t& value) {
  const auto found = json_->find(name);
  if (found != json_->end() && found->is_null()) {
    names_.push_back(name);
    value = 0;
    return;
  }
  number(name, value, 1, kMaxId);
}

void Body::ids(const std::string& name, std::vector<std::int64_t>& value, std::size_t min_ids) {
  read_ids(name, value, min_ids, false);
}

void Body::optional_ids(const std::string& name, std::vector<std::int64_t>& value) {
  read_ids(name, value, 0, true);
}

void Body::read_ids(const std::string& name,
                    std::vector<std::int64_t>& value,
                    std::size_t min_ids,
                    bool with_null) {
  const json* found = find(name);
  if (!found) return;
  const auto fault = [&] {
    faults_.add(fmt::format("{} must be a list of {} to {} ids.", name, min_ids, kMaxIds));
  };
  if (!found->is_array() || found->size() > kMaxIds || found->size() < min_ids) {
    return fault();
  }
  for (const json& each : *found) {
    const auto number = with_null && each.is_null() ? 0 : whole(each).value_or(-1);
    if (number < 0 || number > kMaxId || (number == 0 && !each.is_null())) return fault();
    value.push_back(number);
  }
}

void Body::texts(const std::string& name,
                 std::vector<std::string>& value,
                 std::size_t max_texts,
                 std::size_t max_characters,
                 std::size_t min_characters) {
  const json* found = find(name);
  if (!found) return;
  const auto is_good = [&](const json& each) {
    if (!each.is_string()) return false;
    const auto& text = each.get_ref<const std::string&>();
    const std::size_t length = num_characters(text);
    return is_clean_text(text) && length >= min_characters && length <= max_characters;
  };
  if (!found->is_array() || found->size() > max_texts ||
      !std::all_of(found->begin(), found->end(), is_good)) {
    return faults_.add(fmt::format("{} must be a list of at most {} texts of {} to {} characters.",
                                   name,
                                   max_texts,
                                   min_characters,
                                   max_characters));
  }
  value = found->get<std::vector<std::string>>();
}

void Body::position(const std::string& name, std::optional<GpsPosition>& value) {
  const json* found = find(name);
  if (!found) return;
  if (found->is_null()) return value.reset();
  const auto real = [&](const char* field) -> std::optional<double> {
    const auto number = found->is_object() ? found->find(field) : found->end();
    if (number == found->end() || !number->is_number()) return std::nullopt;
    return number->get<double>();
  };
  const auto latitude = real("latitude_deg");
  const auto longitude = real("longitude_deg");
  const bool bad_height = found->is_object() && found->contains("altitude_m") &&
                          !(*found)["altitude_m"].is_null() && !real("altitude_m");
  const std::size_t num_known = found->is_object() && found->contains("altitude_m") ? 3 : 2;
  if (!latitude || !longitude || std::abs(*latitude) > 90 || std::abs(*longitude) > 180 ||
      bad_height || found->size() != num_known) {
    return faults_.add(
        fmt::format("{} must be null, or an object of latitude_deg (-90 to 90), longitude_deg "
                    "(-180 to 180) and perhaps altitude_m.",
                    name));
  }
  value = GpsPosition{*latitude, *longitude, real("altitude_m")};
}

void Body::box(const std::string& name, std::array<double, 4>& value) {
  constexpr std::array kSides{"left_px", "top_px", "right_px", "bottom_px"};
  const json* found = find(name);
  if (!found) return;
  bool good = found->is_object() && found->size() == kSides.size();
  for (std::size_t i = 0; good && i < kSides.size(); ++i) {
    const auto side = found->find(kSides[i]);
    good = side != found->end() && side->is_number() && side->get<double>() >= 0 &&
           side->get<double>() <= 100000;
    if (good) value[i] = side->get<double>();
  }
  if (good) return;
  faults_.add(
      fmt::format("{} must be an object of {}, each 0 to 100000.", name, fmt::join(kSides, ", ")));
}

void Body::done() {
  for (const auto& [name, value] : json_->items()) {
    if (std::find(names_.begin(), names_.end(), name) != names_.end()) continue;
    faults_.add(fmt::format("There is no field \"{}\" here; there are {}.",
                            is_clean_text(name) ? name : "?",
                            fmt::join(names_, ", ")));
  }
  faults_.throw_if_any(ErrorKind::kBadInput);
}

}  // namespace finview
