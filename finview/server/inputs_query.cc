#include "finview/server/inputs.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace finview {

namespace {

/// Characters, not bytes.
std::size_t num_characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

template <class Number>
bool read_number(const std::string& text, Number& value) {
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc() && read.ptr == end;
}

}  // namespace

std::optional<std::string> Query::value(const std::string& name) {
  names_.push_back(name);
  const auto [first, last] = request_.query.equal_range(name);
  if (first == last) return std::nullopt;
  if (std::next(first) != last) faults_.add(fmt::format("{} was given more than once.", name));
  if (!is_clean_text(first->second)) {
    faults_.add(fmt::format("{} is not UTF-8 or has control characters.", name));
    return std::nullopt;
  }
  return first->second;
}

std::string Query::text(const std::string& name, std::size_t max_characters) {
  const std::string text = value(name).value_or("");
  if (num_characters(text) > max_characters) {
    faults_.add(fmt::format("{} may have at most {} characters.", name, max_characters));
  }
  return text;
}

std::int64_t Query::number(const std::string& name,
                           std::int64_t usual,
                           std::int64_t min,
                           std::int64_t max) {
  const auto text = value(name);
  if (!text) return usual;
  std::int64_t number = 0;
  if (read_number(*text, number) && number >= min && number <= max) return number;
  faults_.add(fmt::format("{} must be a whole number from {} to {}.", name, min, max));
  return usual;
}

double Query::real(const std::string& name, double usual, double min, double max) {
  const auto text = value(name);
  if (!text) return usual;
  double number = 0;
  if (read_number(*text, number) && number >= min && number <= max) return number;
  faults_.add(fmt::format("{} must be a number from {} to {}.", name, min, max));
  return usual;
}

bool Query::flag(const std::string& name) {
  const auto text = value(name);
  if (!text || *text == "false") return false;
  if (*text != "true") faults_.add(fmt::format("{} must be true or false.", name));
  return true;
}

std::optional<std::int64_t> Query::id(const std::string& name) {
  const std::int64_t id = number(name, 0, 1, kMaxId);
  return id > 0 ? std::optional(id) : std::nullopt;
}

std::string Query::choice(const std::string& name,
                          const std::vector<std::string>& choices,
                          const std::string& usual) {
  const auto text = value(name);
  if (!text) return usual;
  if (std::find(choices.begin(), choices.end(), *text) == choices.end()) {
    faults_.add(fmt::format("{} must be one of {}.", name, fmt::join(choices, ", ")));
  }
  return *text;
}

std::vector<std::string> Query::choices(const std::string& name,
                                        const std::vector<std::string>& choices) {
  names_.push_back(name);
  std::vector<std::string> all;
  const auto [first, last] = request_.query.equal_range(name);
  for (auto each = first; each != last; ++each) {
    if (std::find(choices.begin(), choices.end(), each->second) == choices.end()) {
      faults_.add(fmt::format("{} must be one of {}.", name, fmt::join(choices, ", ")));
      break;
    }
    all.push_back(each->second);
  }
  if (all.size() > choices.size()) faults_.add(fmt::format("{} was given too often.", name));
  return all;
}

void Query::require(const std::string& name) {
  const auto found = request_.query.find(name);
  if (found == request_.query.end() || found->second.empty()) {
    faults_.add(fmt::format("{} is missing.", name));
  }
}

void Query::done() {
  for (const auto& [name, value] : request_.query) {
    if (std::find(names_.begin(), names_.end(), name) != names_.end()) continue;
    faults_.add(fmt::format("There is no parameter \"{}\" here; there are {}.",
                            is_clean_text(name) ? name : "?",
                            names_.empty() ? "none" : fmt::format("{}", fmt::join(names_, ", "))));
  }
  faults_.throw_if_any(ErrorKind::kBadInput);
}

}  // namespace finview
