#include "finview/match/edge_warping.h"

#include "finview/match/edge_channels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace finview {
namespace {

constexpr int kNumSamples = EdgeWarper::kNumSamples;
constexpr int kNumChannels = EdgeWarper::kNumChannels;
constexpr int kBand = kNumSamples / 5;
constexpr int kFreeStart = kNumSamples * 6 / 100;
constexpr int kFreeEnd = kNumSamples / 4;
constexpr float kStretchCost = 0.1F;  ///< of a step along one edge alone
constexpr float kFar = std::numeric_limits<float>::max() / 4;

/// The channels compared; the coarsest notch profile shows the kind of fin.
constexpr std::array<EdgeChannel, kNumChannels> kChannels{{{0, 2, 2.2e-6},
                                                           {1, 2, 5.2e-6},
                                                           {2, 1, 1.5e-5},
                                                           {4, 1, 5.3e-3},
                                                           {5, 1, 4.9e-3},
                                                           {6, 1, 4.6e-3},
                                                           {7, 1, 4.0e-3}}};

/// Averages of neighbors, each channel over its usual spread, the whole of unit energy: samples x
/// channels. Some energy is added, so that smooth edges are like nobody.
std::vector<float> standardized(const FinEdge& edge) {
  check_signals(edge);
  std::vector<float> result(kNumSamples * kNumChannels);
  double energy = 0;
  double weights = 0;
  for (int c = 0; c < kNumChannels; ++c) {
    const float* signal = edge.signals.data() + kChannels[c].row * FinEdge::kNumSamples;
    double mean = 0;
    for (int i = 0; i < FinEdge::kNumSamples; ++i) mean += signal[i];
    mean /= FinEdge::kNumSamples;
    const double scale = std::sqrt(kChannels[c].weight / kChannels[c].usual_variance);
    for (int i = 0; i < kNumSamples; ++i) {
      const double value = scale * (0.5 * (signal[2 * i] + signal[2 * i + 1]) - mean);
      result[i * kNumChannels + c] = static_cast<float>(value);
      energy += value * value;
    }
    weights += kChannels[c].weight;
  }
  const double floor = 0.1 * weights;
  const auto norm = static_cast<float>(1 / std::sqrt(energy / kNumSamples + floor));
  for (float& value : result) value *= norm;
  return result;
}

float distance(const float* a, const float* b) {
  float sum = 0;
  for (int c = 0; c < kNumChannels; ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return std::sqrt(sum);
}

/// What the best way to each pair of samples costs.
class Paths {
 public:
  Paths(const std::vector<float>& a, const std::vector<float>& b)
      : a_(a), b_(b), costs_(kNumSamples * kNumSamples, kFar) {
    for (int i = 0; i < kNumSamples; ++i) {
      const int first = std::max(0, i - kBand);
      const int last = std::min(kNumSamples - 1, i + kBand);
      for (int j = first; j <= last; ++j) {
        const float here = cost(i, j);
        const bool may_start = (i == 0 && j <= kFreeStart) || (j == 0 && i <= kFreeStart);
        const float best = std::min({may_start ? 2 * here : kFar,
                                     at(i - 1, j) + here + kStretchCost,
                                     at(i, j - 1) + here + kStretchCost,
                                     at(i - 1, j - 1) + 2 * here});
        costs_[i * kNumSamples + j] = best;
      }
    }
    find_end();
  }

  double mean_cost() const { return mean_cost_; }

  std::vector<EdgeWarper::Pair> way() const {
    std::vector<EdgeWarper::Pair> way;
    int i = end_i_;
    int j = end_j_;
    const auto share = [](int k) { return (k + 0.5) / kNumSamples; };
    while (i >= 0 && j >= 0) {
      way.push_back({share(i), share(j)});
      if ((i == 0 && j <= kFreeStart) || (j == 0 && i <= kFreeStart)) break;
      const float diagonal = at(i - 1, j - 1) + cost(i, j);
      const float up = at(i - 1, j) + kStretchCost;
      const float left = at(i, j - 1) + kStretchCost;
      if (diagonal <= up && diagonal <= left) {
        --i;
        --j;
      } else if (up < left) {
        --i;
      } else {
        --j;
      }
    }
    std::reverse(way.begin(), way.end());
    return way;
  }

 private:
  float cost(int i, int j) const { return distance(&a_[i * kNumChannels], &b_[j * kNumChannels]); }

  float at(int i, int j) const { return i < 0 || j < 0 ? kFar : costs_[i * kNumSamples + j]; }

  void find_end() {
    for (int skipped = 0; skipped <= kFreeEnd; ++skipped) {
      try_end(kNumSamples - 1 - skipped, kNumSamples - 1);
      try_end(kNumSamples - 1, kNumSamples - 1 - skipped);
    }
  }

  void try_end(int i, int j) {
    const double mean = at(i, j) / (i + j + 2.0);
    if (mean >= mean_cost_) return;
    mean_cost_ = mean;
    end_i_ = i;
    end_j_ = j;
  }

  const std::vector<float>& a_;
  const std::vector<float>& b_;
  std::vector<float> costs_;
  double mean_cost_ = kFar;
  int end_i_ = kNumSamples - 1;
  int end_j_ = kNumSamples - 1;
};

}  // namespace

EdgeWarper::EdgeWarper(const FinEdge& query) : query_(standardized(query)) {}

double EdgeWarper::similarity(const FinEdge& other) const {
  return 1 - Paths(query_, standardized(other)).mean_cost();
}

std::vector<EdgeWarper::Pair> EdgeWarper::path(const FinEdge& other) const {
  return Paths(query_, standardized(other)).way();
}

}  // namespace finview
