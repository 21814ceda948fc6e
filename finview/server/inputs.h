#pragma once

#include "finview/base/error.h"
#include "finview/photo/photo.h"
#include "finview/server/http.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace finview {

/// The largest JSON body.
inline constexpr std::uint64_t kMaxJsonBytes = 8'000'000;
/// The largest page of a list, offset and number that JavaScript can hold.
inline constexpr std::int64_t kMaxOffset = 1'000'000'000'000;
inline constexpr std::int64_t kMaxId = 9007199254740991;

/// Reads query parameters strictly and gathers every fault.
class Query {
 public:
  explicit Query(const HttpRequest& request) : request_(request) {}

  std::string text(const std::string& name, std::size_t max_characters = 300);
  std::int64_t number(const std::string& name,
                      std::int64_t usual,
                      std::int64_t min,
                      std::int64_t max);
  double real(const std::string& name, double usual, double min, double max);
  bool flag(const std::string& name);
  std::optional<std::int64_t> id(const std::string& name);
  std::string choice(const std::string& name,
                     const std::vector<std::string>& choices,
                     const std::string& usual);
  /// Any of these; the parameter may come several times.
  std::vector<std::string> choices(const std::string& name,
                                   const std::vector<std::string>& choices);
  void require(const std::string& name);
  /// Throws Error{kBadInput} that lists every fault, unknown parameters among them.
  void done();

 private:
  std::optional<std::string> value(const std::string& name);

  const HttpRequest& request_;
  std::vector<std::string> names_;
  Faults faults_;
};

/// Reads a JSON object strictly and gathers every fault.
class Body {
 public:
  /// Reads the request's body. Throws Error{kBadInput} if it is no JSON object, Problem 413 if it
  /// is too large, 415 for another content type. `optional`: no body is an empty object.
  explicit Body(const HttpRequest& request, bool optional = false);
  ~Body();

  bool has(const std::string& name) const;
  void require(const std::string& name);
  /// The fields take what is given; what is absent stays.
  void text(const std::string& name,
            std::string& value,
            std::size_t max_characters,
            std::size_t min_characters = 0);
  /// As `text`, over several lines.
  void notes(const std::string& name, std::string& value);
  void choice(const std::string& name, std::string& value, const std::vector<std::string>& choices);
  void time(const std::string& name, std::string& value);
  void number(const std::string& name, std::int64_t& value, std::int64_t min, std::int64_t max);
  void flag(const std::string& name, bool& value);
  /// null = 0.
  void id(const std::string& name, std::int64_t& value);
  void ids(const std::string& name, std::vector<std::int64_t>& value, std::size_t min_ids = 1);
  /// As `ids`, with null for 0.
  void optional_ids(const std::string& name, std::vector<std::int64_t>& value);
  void texts(const std::string& name,
             std::vector<std::string>& value,
             std::size_t max_texts,
             std::size_t max_characters,
             std::size_t min_characters = 0);
  void position(const std::string& name, std::optional<GpsPosition>& value);
  /// {left_px, top_px, right_px, bottom_px}
  void box(const std::string& name, std::array<double, 4>& value);
  /// The value itself, marked as known; null if absent.
  const nlohmann::json& value(const std::string& name);
  void fault(const std::string& sentence) { faults_.add(sentence); }
  /// Throws Error{kBadInput} that lists every fault, unknown fields among them.
  void done();

 private:
  const nlohmann::json* find(const std::string& name);
  void read_ids(const std::string& name,
                std::vector<std::int64_t>& value,
                std::size_t min_ids,
                bool with_null);

  std::unique_ptr<nlohmann::json> json_;
  std::vector<std::string> names_;
  Faults faults_;
};

/// The whole body. Throws Problem 413 if it is larger, Error{kBadInput} if it breaks off.
std::string read_body(const HttpRequest& request, std::uint64_t max_bytes);

}  // namespace finview
