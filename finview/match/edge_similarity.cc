#include "finview/match/edge_similarity.h"

#include "finview/base/error.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace finview {
namespace {

using Stretched = EdgeMatcher::Stretched;
constexpr int kNumSamples = FinEdge::kNumSamples;
constexpr int kNumUsed = EdgeMatcher::kNumUsed;
/// The signals' rows that count: the coarsest notch band says nothing about who it is.
constexpr std::array<int, kNumUsed> kRows{0, 1, 2, 4, 5, 6, 7};
constexpr std::array<double, kNumUsed> kWeights{2, 2, 1, 1, 1, 1, 1};
/// A tenth of each row's median variance over photos of dolphins and sharks.
constexpr std::array<double, kNumUsed> kFloors{
    1.5e-7, 4.9e-7, 2.4e-6, 3.3e-4, 4.0e-4, 3.2e-4, 3.7e-4};
constexpr double kSmallestScale = 0.72;
constexpr double kLargestScale = 1.39;
constexpr std::array<int, 5> kShifts{-10, -5, 0, 5, 10};  ///< samples; 10 are 4 %
constexpr int kSkipped = 8;       ///< samples next to the tip, whose place is uncertain: 3 %
constexpr int kMinOverlap = 141;  ///< samples: 55 %
constexpr double kScalePenalty = 0.15;

double scale_at(int index) {
  return kSmallestScale * std::pow(kLargestScale / kSmallestScale,
                                   static_cast<double>(index) / (EdgeMatcher::kNumScales - 1));
}

void check(const FinEdge& edge) {
  constexpr std::size_t kExpected = FinEdge::kNumChannels * FinEdge::kNumSamples;
  if (edge.signals.size() == kExpected) return;
  throw Error(ErrorKind::kBadInput,
              fmt::format("an edge to compare has {} signal values instead of {}; take edges from "
                          "find_edge of this version",
                          edge.signals.size(),
                          kExpected));
}

/// Sample i is the signal at i * scale.
Stretched stretch(const FinEdge& edge, double scale) {
  Stretched result;
  result.count = 1 + static_cast<int>(std::floor((kNumSamples - 1) / scale + 1e-9));
  for (int channel = 0; channel < kNumUsed; ++channel) {
    const float* signal = edge.signals.data() + kRows[channel] * kNumSamples;
    std::vector<float>& values = result.values[channel];
    std::vector<double>& sums = result.sums[channel];
    std::vector<double>& squares = result.square_sums[channel];
    values.resize(result.count);
    sums.assign(result.count + 1, 0);
    squares.assign(result.count + 1, 0);
    for (int i = 0; i < result.count; ++i) {
      const double position = std::min(i * scale, kNumSamples - 1.0);
      const int below = std::min(static_cast<int>(position), kNumSamples - 2);
      const double share = position - below;
      const double value = signal[below] + share * (signal[below + 1] - signal[below]);
      values[i] = static_cast<float>(value);
      sums[i + 1] = sums[i] + value;
      squares[i + 1] = squares[i] + value * value;
    }
  }
  return result;
}

float dot(const float* a, const float* b, int count) {
  std::array<float, 16> partial{};
  int i = 0;
  for (; i + 16 <= count; i += 16) {
    for (int k = 0; k < 16; ++k) partial[k] += a[i + k] * b[i + k];
  }
  float sum = 0;
  for (; i < count; ++i) sum += a[i] * b[i];
  for (const float part : partial) sum += part;
  return sum;
}

/// Weighted mean of the channels' correlations where sample i of `b` meets i + shift of `a`.
double correlation(const Stretched& a, const Stretched& b, int shift) {
  const int first = kSkipped + std::max(0, -shift);
  const int end = std::min(b.count, a.count - shift);
  const int count = end - first;
  if (count < kMinOverlap) return -1;
  double total = 0;
  double weights = 0;
  for (int c = 0; c < kNumUsed; ++c) {
    const auto over = [&](const std::vector<double>& sums, int from) {
      return (sums[from + count] - sums[from]) / count;
    };
    const double mean_a = over(a.sums[c], first + shift);
    const double mean_b = over(b.sums[c], first);
    const double energy_a = over(a.square_sums[c], first + shift) - mean_a * mean_a + kFloors[c];
    const double energy_b = over(b.square_sums[c], first) - mean_b * mean_b + kFloors[c];
    const double common =
        dot(a.values[c].data() + first + shift, b.values[c].data() + first, count) / count -
        mean_a * mean_b;
    total += kWeights[c] * common / std::sqrt(std::max(1e-30, energy_a * energy_b));
    weights += kWeights[c];
  }
  return total / weights;
}

double best_shift(const Stretched& scaled, const Stretched& plain, double scale) {
  double best = -1;
  for (const int shift : kShifts) best = std::max(best, correlation(scaled, plain, shift));
  return best - kScalePenalty * std::abs(std::log(scale));
}

}  // namespace

EdgeMatcher::EdgeMatcher(const FinEdge& query) {
  check(query);
  plain_ = stretch(query, 1);
  for (int i = 0; i < kNumScales; ++i) scaled_.push_back(stretch(query, scale_at(i)));
}

double EdgeMatcher::similarity(const FinEdge& other) const {
  check(other);
  const Stretched plain = stretch(other, 1);
  double there = -2;
  double back = -2;
  for (int i = 0; i < kNumScales; ++i) {
    const double scale = scale_at(i);
    there = std::max(there, best_shift(scaled_[i], plain, scale));
    back = std::max(back, best_shift(stretch(other, scale), plain_, scale));
  }
  return 0.5 * (there + back);
}

double edge_similarity(const FinEdge& a, const FinEdge& b) { return EdgeMatcher(a).similarity(b); }

}  // namespace finview
