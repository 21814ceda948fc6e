#include "finview/outline/edge_signal.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace finview {
namespace {

constexpr std::array<double, kNumNotchBands + 1> kSmoothings{0.006, 0.014, 0.03, 0.07, 0.15};
constexpr double kHeightSmoothing = 0.03;

/// In points, which are equally far apart.
double num_steps(const EdgePoints& edge) { return static_cast<double>(edge.size() - 1); }

/// The heights of the smoothed edge, never going up again, from 0 at the tip to 1.
std::vector<double> monotone_height(const EdgePoints& edge) {
  std::vector<double> height;
  height.reserve(edge.size());
  const EdgePoints soft = smooth_edge(edge, kHeightSmoothing * num_steps(edge));
  double lowest = soft.front().y;
  for (const EdgePoint& point : soft) height.push_back(lowest = std::max(lowest, point.y));
  const double first = height.front();
  const double range = std::max(1e-9, lowest - first);
  for (double& value : height) value = (value - first) / range;
  return height;
}

/// Appends `values`, given at rising `parameter` from 0 to 1, at equal steps of it.
void append_samples(const std::vector<double>& values,
                    const std::vector<double>& parameter,
                    std::vector<float>& samples) {
  std::size_t i = 0;
  for (int k = 0; k < kNumEdgeSamples; ++k) {
    const double target = static_cast<double>(k) / (kNumEdgeSamples - 1);
    while (i + 2 < values.size() && parameter[i + 1] < target) ++i;
    const double step = parameter[i + 1] - parameter[i];
    const double share = step > 0 ? std::clamp((target - parameter[i]) / step, 0.0, 1.0) : 0.0;
    samples.push_back(static_cast<float>(values[i] + share * (values[i + 1] - values[i])));
  }
}

}  // namespace

double dot(EdgePoint a, EdgePoint b) { return a.x * b.x + a.y * b.y; }
double cross(EdgePoint a, EdgePoint b) { return a.x * b.y - a.y * b.x; }
double norm(EdgePoint a) { return std::hypot(a.x, a.y); }

double edge_length(const EdgePoints& edge) {
  double length = 0;
  for (std::size_t i = 1; i < edge.size(); ++i) length += norm(edge[i] - edge[i - 1]);
  return length;
}

EdgePoints smooth_edge(const EdgePoints& edge, double sigma) {
  const int last = static_cast<int>(edge.size()) - 1;
  const int reach = std::max(1, static_cast<int>(std::ceil(3 * sigma)));
  std::vector<double> weights(reach + 1);
  for (int k = 0; k <= reach; ++k) weights[k] = std::exp(-0.5 * k * k / (sigma * sigma));
  const double sum = 2 * std::accumulate(weights.begin() + 1, weights.end(), 0.0) + weights[0];
  EdgePoints extended(edge.size() + 2 * reach);
  for (int i = -reach; i <= last + reach; ++i) {
    EdgePoint& point = extended[i + reach];
    if (i < 0) {
      point = 2 * edge[0] - edge[std::min(-i, last)];
    } else if (i > last) {
      point = 2 * edge[last] - edge[std::max(2 * last - i, 0)];
    } else {
      point = edge[i];
    }
  }
  EdgePoints result(edge.size());
  for (int i = 0; i <= last; ++i) {
    const EdgePoint* middle = &extended[i + reach];
    EdgePoint total = weights[0] * middle[0];
    for (int k = 1; k <= reach; ++k) total = total + weights[k] * (middle[-k] + middle[k]);
    result[i] = (1 / sum) * total;
  }
  return result;
}

EdgePoints resample_edge(const EdgePoints& edge, int count) {
  std::vector<double> along{0};
  along.reserve(edge.size());
  for (std::size_t i = 1; i < edge.size(); ++i) {
    along.push_back(along.back() + norm(edge[i] - edge[i - 1]));
  }
  EdgePoints result;
  result.reserve(count);
  std::size_t i = 0;
  for (int k = 0; k < count; ++k) {
    const double target = along.back() * k / (count - 1);
    while (i + 2 < edge.size() && along[i + 1] < target) ++i;
    const double step = along[i + 1] - along[i];
    const double share = step > 0 ? std::clamp((target - along[i]) / step, 0.0, 1.0) : 0.0;
    result.push_back(edge[i] + share * (edge[i + 1] - edge[i]));
  }
  return result;
}

std::vector<float> notch_profile(const EdgePoints& edge, double outward) {
  const std::vector<double> height = monotone_height(edge);
  const double steps = num_steps(edge);
  const double length = edge_length(edge);
  const int last = static_cast<int>(edge.size()) - 1;
  std::vector<float> profile;
  profile.reserve(kNumNotchBands * kNumEdgeSamples);
  EdgePoints fine = smooth_edge(edge, kSmoothings[0] * steps);
  std::vector<double> offsets(edge.size());
  for (int band = 0; band < kNumNotchBands; ++band) {
    EdgePoints coarse = smooth_edge(edge, kSmoothings[band + 1] * steps);
    for (int i = 0; i <= last; ++i) {
      const EdgePoint along = coarse[std::min(i + 1, last)] - coarse[std::max(i - 1, 0)];
      const EdgePoint offset = fine[i] - coarse[i];
      offsets[i] = -outward * cross(along, offset) / std::max(1e-9, norm(along)) / length;
    }
    append_samples(offsets, height, profile);
    fine = std::move(coarse);
  }
  return profile;
}

std::vector<float> edge_view_profiles(const EdgePoints& edge, double outward) {
  std::vector<float> profiles;
  for (const double start : {0.0, 0.02}) {
    for (const double end : {1.0, 0.9, 0.8, 0.7}) {
      const auto at = [&](double share) {
        return edge.begin() + static_cast<std::ptrdiff_t>(std::lround(share * num_steps(edge)));
      };
      const std::vector<float> profile = notch_profile({at(start), at(end) + 1}, outward);
      profiles.insert(profiles.end(), profile.begin(), profile.end());
    }
  }
  return profiles;
}

void append_at_equal_heights(const EdgePoints& edge,
                             const std::vector<double>& values,
                             std::vector<float>& samples) {
  append_samples(values, monotone_height(edge), samples);
}

}  // namespace finview
