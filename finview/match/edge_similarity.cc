#include "finview/match/edge_similarity.h"

#include "finview/match/dot.h"
#include "finview/match/edge_channels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace finview {
namespace {

using Stretched = EdgeMatcher::Stretched;

/// The coarse rows show the kind of fin rather than whose it is.
constexpr std::array<EdgeChannel, 5> kChannels{
    {{0, 2, 2.2e-6}, {1, 2, 5.2e-6}, {2, 1, 1.5e-5}, {4, 1, 5.3e-3}, {5, 1, 4.9e-3}}};
constexpr double kAddedShare = 0.1;  ///< of the usual variance, to the energies
constexpr int kNumSamples = FinEdge::kNumSamples;
constexpr int kNumFactors = 33;
constexpr double kLargestFactor = 1.82;
constexpr double kStretchPenalty = 0.08;  ///< per unit of log factor
constexpr int kSkipped = 8;               ///< samples next to the tip, whose place is uncertain
constexpr std::array<int, 5> kCoarseShifts{-10, -5, 0, 5, 10};
constexpr std::array<int, 4> kFineShifts{-2, -1, 1, 2};

/// From -1 to 1 times the logarithm of the largest factor.
double log_factor(int index) {
  return std::log(kLargestFactor) * (2.0 * index / (kNumFactors - 1) - 1);
}

/// Sample i is the signal at i * step. `result`'s memory is used again.
void stretch(const FinEdge& edge, double step, Stretched& result) {
  const int count = 1 + static_cast<int>(std::floor((kNumSamples - 1) / step + 1e-9));
  result.count = count;
  result.values.resize(kChannels.size() * count);
  result.sums.resize(kChannels.size() * (count + 1));
  result.square_sums.resize(kChannels.size() * (count + 1));
  std::array<double, kChannels.size()> sum{};
  std::array<double, kChannels.size()> square_sum{};
  for (int i = 0; i <= count; ++i) {
    const double position = i * step;
    const int below = std::min(static_cast<int>(position), kNumSamples - 2);
    const float share = static_cast<float>(position - below);
    for (std::size_t c = 0; c < kChannels.size(); ++c) {
      result.sums[c * (count + 1) + i] = sum[c];
      result.square_sums[c * (count + 1) + i] = square_sum[c];
      if (i == count) continue;
      const float* signal = edge.signals.data() + kChannels[c].row * kNumSamples + below;
      const float value = signal[0] + share * (signal[1] - signal[0]);
      result.values[c * count + i] = value;
      sum[c] += value;
      square_sum[c] += static_cast<double>(value) * value;
    }
  }
}

/// Weighted mean of the channels' correlations where sample i of `b` meets i + shift of `a`.
double correlation(const Stretched& a, const Stretched& b, int shift) {
  const int first_b = kSkipped + std::max(0, -shift);
  const int first_a = first_b + shift;
  const int count = std::min(b.count - first_b, a.count - first_a);
  const auto mean = [count](const double* sums) { return (sums[count] - sums[0]) / count; };
  double total = 0;
  double weights = 0;
  for (std::size_t c = 0; c < kChannels.size(); ++c) {
    const std::size_t at_a = c * (a.count + 1) + first_a;
    const std::size_t at_b = c * (b.count + 1) + first_b;
    const double mean_a = mean(&a.sums[at_a]);
    const double mean_b = mean(&b.sums[at_b]);
    const double floor = kAddedShare * kChannels[c].usual_variance;
    const double energy_a = std::max(0.0, mean(&a.square_sums[at_a]) - mean_a * mean_a) + floor;
    const double energy_b = std::max(0.0, mean(&b.square_sums[at_b]) - mean_b * mean_b) + floor;
    const float product =
        dot(&a.values[at_a - c], &b.values[at_b - c], static_cast<std::size_t>(count));
    total +=
        kChannels[c].weight * (product / count - mean_a * mean_b) / std::sqrt(energy_a * energy_b);
    weights += kChannels[c].weight;
  }
  return total / weights;
}

double best_correlation(const Stretched& a, const Stretched& b) {
  double best = -2;
  int best_shift = 0;
  for (const int shift : kCoarseShifts) {
    const double value = correlation(a, b, shift);
    if (value > best) {
      best = value;
      best_shift = shift;
    }
  }
  for (const int step : kFineShifts) best = std::max(best, correlation(a, b, best_shift + step));
  return best;
}

/// Half of the factor is applied to either edge, in opposite directions, which keeps the comparison
/// symmetric.
double step_at(int index) { return std::exp(0.5 * log_factor(index)); }

}  // namespace

EdgeMatcher::EdgeMatcher(const FinEdge& query) : stretched_(kNumFactors) {
  check_signals(query);
  for (int i = 0; i < kNumFactors; ++i) stretch(query, step_at(i), stretched_[i]);
}

double EdgeMatcher::similarity(const FinEdge& other) const {
  check_signals(other);
  Stretched opposite;
  double best = -2;
  for (int i = 0; i < kNumFactors; ++i) {
    stretch(other, step_at(kNumFactors - 1 - i), opposite);
    best = std::max(
        best,
        best_correlation(stretched_[i], opposite) - kStretchPenalty * std::abs(log_factor(i)));
  }
  return best;
}

double edge_similarity(const FinEdge& a, const FinEdge& b) { return EdgeMatcher(a).similarity(b); }

double edge_view_similarity(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.empty() || b.empty()) return 0;
  const std::size_t dims = a.size() / FinEdge::kNumViews;
  float largest = -1;
  for (const float* x = a.data(); x != a.data() + a.size(); x += dims) {
    for (const float* y = b.data(); y != b.data() + b.size(); y += dims) {
      largest = std::max(largest, dot(x, y, dims));
    }
  }
  return largest;
}

}  // namespace finview
