#include "finview/match/open_set.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>

namespace finview {

double auroc(std::span<const double> strangers, std::span<const double> known) {
  if (strangers.empty() || known.empty()) return 0.5;
  std::vector<double> sorted(known.begin(), known.end());
  std::sort(sorted.begin(), sorted.end());
  double wins = 0;
  for (const double value : strangers) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
    wins += static_cast<double>(first - sorted.begin()) + 0.5 * static_cast<double>(last - first);
  }
  return wins / (static_cast<double>(strangers.size()) * static_cast<double>(known.size()));
}

double true_positive_share(std::span<const OpenSetAnswer> known,
                           std::vector<double> stranger_logits,
                           double false_positive_share) {
  if (known.empty() || stranger_logits.empty()) return 0;
  std::sort(stranger_logits.begin(), stranger_logits.end(), std::greater<>());
  const auto allowed = static_cast<std::size_t>(
      std::floor(false_positive_share * static_cast<double>(stranger_logits.size()) + 1e-9));
  const double threshold = allowed < stranger_logits.size() ? stranger_logits[allowed] : -1e300;
  const auto hits = std::count_if(known.begin(), known.end(), [&](const OpenSetAnswer& one) {
    return one.right && one.logit > threshold;
  });
  return static_cast<double>(hits) / static_cast<double>(known.size());
}

std::vector<ReliabilityBin> reliability(std::span<const Claim> claims) {
  constexpr std::size_t kNumBins = 10;
  std::array<ReliabilityBin, kNumBins> bins{};
  double total = 0;
  for (const Claim& claim : claims) {
    const auto index =
        std::min(kNumBins - 1, static_cast<std::size_t>(claim.probability * kNumBins));
    bins[index].claimed += claim.weight * claim.probability;
    bins[index].true_share += claim.is_true ? claim.weight : 0;
    bins[index].weight += claim.weight;
    total += claim.weight;
  }
  std::vector<ReliabilityBin> result;
  for (ReliabilityBin bin : bins) {
    if (bin.weight <= 0) continue;
    bin.claimed /= bin.weight;
    bin.true_share /= bin.weight;
    bin.weight /= total;
    result.push_back(bin);
  }
  return result;
}

double calibration_error(std::span<const ReliabilityBin> bins) {
  double error = 0;
  for (const ReliabilityBin& bin : bins) {
    error += bin.weight * std::abs(bin.claimed - bin.true_share);
  }
  return error;
}

ChanceError calibration_error_by_chance(std::vector<Claim> claims,
                                        std::size_t num_replicates,
                                        std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<double> errors;
  for (std::size_t r = 0; r < num_replicates; ++r) {
    for (Claim& claim : claims) {
      claim.is_true = static_cast<double>(random() >> 11) * 0x1p-53 < claim.probability;
    }
    errors.push_back(calibration_error(reliability(claims)));
  }
  if (errors.empty()) return {};
  std::sort(errors.begin(), errors.end());
  const auto count = static_cast<double>(errors.size());
  return {std::accumulate(errors.begin(), errors.end(), 0.0) / count,
          errors[static_cast<std::size_t>(0.95 * (count - 1))]};
}

}  // namespace finview
