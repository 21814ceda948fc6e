#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace finview {

/// How individuals are found, those kept from training above all.
struct HeldOutScore {
  std::size_t num_queries = 0;
  double rank_1 = 0;
  double rank_5 = 0;
  double mean_average_precision = 0;
};

/// How training stood when it was measured.
struct TrainingPoint {
  std::int64_t step = 0;
  double loss = 0;    ///< mean of late
  double chance = 0;  ///< the loss of embeddings that say nothing
  double spread = 0;  ///< 1 - mean cosine between individuals
  double active_share = 1;
  double learning_rate = 0;
  double seconds = 0;                    ///< of training so far
  std::optional<HeldOutScore> known;     ///< photos of held-out known individuals
  std::optional<HeldOutScore> taught;    ///< photos of as many individuals that were learned from
  std::optional<HeldOutScore> invented;  ///< views of individuals invented on held-out fins
};

/// One HTML page with the curves of a training: loss beside chance, spread and active triplets,
/// held-out scores. Holds everything itself, loads nothing.
///
/// @param title  above the curves, e.g. the model's name
/// @param words  what is to be said about it, one paragraph each
std::string training_page(const std::string& title,
                          const std::vector<std::string>& words,
                          const std::vector<TrainingPoint>& points);

/// Null if nobody could be asked.
nlohmann::json to_json(const std::optional<HeldOutScore>& score);

/// The points as JSON, one object each; and back. `curves_from_json` throws Error{kBadInput}.
std::string curves_to_json(const std::vector<TrainingPoint>& points);
std::vector<TrainingPoint> curves_from_json(const std::string& text);

}  // namespace finview
