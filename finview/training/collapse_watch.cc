#include "finview/training/collapse_watch.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr double kMemory = 0.98;
constexpr double kLeastSpread = 0.02;
constexpr double kChanceMargin = 0.01;
constexpr double kFewActive = 0.02;

}  // namespace

CollapseWatch::CollapseWatch(std::int64_t num_silent, std::string remedies)
    : num_silent_(num_silent), remedies_(std::move(remedies)) {}

void CollapseWatch::resume(std::int64_t num_seen, const LearningSign& mean) {
  num_seen_ = num_seen;
  mean_ = mean;
}

std::optional<std::string> CollapseWatch::observe(const LearningSign& sign) {
  ++num_seen_;
  // The first steps count alike, later ones fade.
  const double keep = std::min(kMemory, 1 - 1.0 / static_cast<double>(num_seen_));
  const auto follow = [keep](double& mean, double value) {
    mean = keep * mean + (1 - keep) * value;
  };
  follow(mean_.loss, sign.loss);
  follow(mean_.chance, sign.chance);
  follow(mean_.spread, sign.spread);
  follow(mean_.active_share, sign.active_share);
  if (!std::isfinite(sign.loss)) {
    return fmt::format(
        "Training failed at step {}: the loss is not finite. Lower {}.", num_seen_, remedies_);
  }
  if (num_seen_ < num_silent_) return {};
  if (mean_.spread < kLeastSpread) {
    return fmt::format(
        "Training has collapsed by step {}: the mean cosine between different "
        "individuals is {:.3f}, all fins look the same to the network. Lower {}, or "
        "use --mining semi-hard or --nt-xent-weight 1 in place of hardest triplets.",
        num_seen_,
        1 - mean_.spread,
        remedies_);
  }
  if (std::abs(mean_.loss - mean_.chance) < kChanceMargin * mean_.chance) {
    return fmt::format(
        "Training has learned nothing by step {}: the loss sits at {:.3f}, and "
        "embeddings that say nothing give {:.3f}. Change {}, make the views milder, "
        "or check the labels.",
        num_seen_,
        mean_.loss,
        mean_.chance,
        remedies_);
  }
  return {};
}

std::optional<std::string> CollapseWatch::advice() {
  if (advised_ || num_seen_ < num_silent_ || mean_.active_share >= kFewActive) return {};
  advised_ = true;
  return fmt::format(
      "Only {:.1f} % of the triplets still teach anything; use --mining hardest, "
      "more individuals in a batch or stronger views.",
      100 * mean_.active_share);
}

}  // namespace finview
