#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace finview {

/// What one step says about learning.
struct LearningSign {
  double loss = 0;
  double chance = 0;        ///< the loss of embeddings that say nothing
  double spread = 1;        ///< 1 - mean cosine between individuals: 0 = all look alike
  double active_share = 1;  ///< of the triplets, those that still teach something
};

/// Says when a network does not learn, and what to change.
///
/// Looks at running means (of about 50 steps). It speaks where the loss is not finite, at once; and
/// after `num_silent` steps where the spread is below 0.02 (collapse), or the loss lies within 1 %
/// of what embeddings that say nothing would give: the logarithm of the batch for NT-Xent, the
/// margin for triplets, ln 2 with the soft margin.
class CollapseWatch {
 public:
  /// @param remedies  what the user may turn, e.g. "--learning-rate (now 0.01)"
  CollapseWatch(std::int64_t num_silent, std::string remedies);

  /// Goes on after `num_seen` steps whose running means were these.
  void resume(std::int64_t num_seen, const LearningSign& mean);

  /// A sentence if training should stop. Call once per step.
  std::optional<std::string> observe(const LearningSign& sign);

  /// A sentence if fewer than 2 % of the triplets teach anything: no fault, but a waste. Once.
  std::optional<std::string> advice();

  const LearningSign& mean() const { return mean_; }

 private:
  std::int64_t num_silent_;
  std::string remedies_;
  std::int64_t num_seen_ = 0;
  LearningSign mean_;
  bool advised_ = false;
};

}  // namespace finview
