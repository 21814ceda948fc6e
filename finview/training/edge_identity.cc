#include "finview/training/edge_identity.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace finview {
namespace {

/// Standard normal, by Box and Muller.
double normal(RandomDraw& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.unit()));
  return radius * std::cos(2 * M_PI * random.unit());
}

int poisson(double mean, RandomDraw& random) {
  int count = 0;
  for (double left = std::exp(-mean), p = random.unit(); p > left; p *= random.unit()) ++count;
  return count;
}

/// Unit vectors to the right of the edge, where the outside is.
EdgePoints outward_normals(const EdgePoints& edge) {
  const EdgePoints soft = smooth_edge(edge, 0.03 * static_cast<double>(edge.size() - 1));
  const std::size_t last = soft.size() - 1;
  EdgePoints normals;
  for (std::size_t i = 0; i <= last; ++i) {
    const EdgePoint along = soft[std::min(i + 1, last)] - soft[i == 0 ? 0 : i - 1];
    const double length = std::max(1e-12, norm(along));
    normals.push_back({along.y / length, -along.x / length});
  }
  return normals;
}

/// Moves every point outward by its offset.
void displace(EdgePoints& edge, const std::vector<double>& offsets) {
  const EdgePoints normals = outward_normals(edge);
  for (std::size_t i = 0; i < edge.size(); ++i) edge[i] = edge[i] + offsets[i] * normals[i];
}

/// A Gaussian process: white noise smoothed over `scale` of the length, standard deviation
/// `deviation`.
std::vector<double> rough(std::size_t count, double scale, double deviation, RandomDraw& random) {
  EdgePoints noise(count);
  for (EdgePoint& value : noise) value.x = normal(random);
  noise = smooth_edge(noise, scale * static_cast<double>(count));
  double energy = 0;
  for (const EdgePoint& value : noise) energy += value.x * value.x;
  const double factor = deviation / std::sqrt(std::max(1e-12, energy / static_cast<double>(count)));
  std::vector<double> offsets;
  for (const EdgePoint& value : noise) offsets.push_back(value.x * factor);
  return offsets;
}

enum class NotchForm { kTriangle, kBell, kStep };

/// 1 at the deepest place, 0 at the ends; `u` in [-1, 1], deepest at `peak`.
double notch_shape(NotchForm form, double u, double peak) {
  const double side = u < peak ? (u + 1) / (peak + 1) : (1 - u) / (1 - peak);
  const double rise = std::clamp(side, 0.0, 1.0);
  if (form == NotchForm::kTriangle) return rise;
  if (form == NotchForm::kStep) return std::min(1.0, rise / 0.3);  // 15 % of the width to rise
  const double distance = 2.5 * (1 - rise);
  return rise > 0 ? std::exp(-0.5 * distance * distance) : 0;
}

void add_notch(std::vector<double>& offsets,
               double position,
               double width,
               double depth,
               double peak,
               NotchForm form) {
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const double along = static_cast<double>(i) / static_cast<double>(offsets.size() - 1);
    const double u = 2 * (along - position) / width;
    if (std::abs(u) < 1) offsets[i] += depth * notch_shape(form, u, peak);
  }
}

std::vector<double> random_notches(std::size_t count, RandomDraw& random) {
  std::vector<double> offsets(count);
  for (int left = poisson(5, random); left > 0; --left) {
    const double position = random.uniform(0.03, 0.97);
    const double width = random.log_uniform(0.008, 0.07);
    const double depth = width * random.uniform(0.25, 1.1) * (random.chance(0.75) ? -1 : 1);
    const double peak = random.uniform(-0.6, 0.6);
    const auto form = static_cast<NotchForm>(random.index(3));
    add_notch(offsets, position, width, depth, peak, form);
  }
  return offsets;
}

}  // namespace

EdgePoints normalized_edge(const EdgePoints& edge, double outward) {
  EdgePoints result = resample_edge(edge, kNumEdgePoints);
  const double length = edge_length(result);
  const EdgePoint tip = result.front();
  for (EdgePoint& point : result) {
    point = (1 / std::max(1e-12, length)) * (point - tip);
    point.x *= outward;
  }
  return result;
}

EdgePoints invented_edge(const EdgePoints& base, RandomDraw& random) {
  const auto points = static_cast<double>(base.size());
  EdgePoints edge = random.chance(0.5) ? smooth_edge(base, 0.02 * points) : base;
  displace(edge, rough(edge.size(), 0.04, 0.006 * random.unit(), random));
  displace(edge, rough(edge.size(), 0.008, 0.002 * random.unit() * random.unit(), random));
  displace(edge, random_notches(edge.size(), random));
  return normalized_edge(edge, 1);
}

EdgePoints turned_edge(const EdgePoints& edge, RandomDraw& random) {
  const double last = static_cast<double>(edge.size() - 1);
  const double start = std::max(0.0, 0.012 * normal(random));
  const double end = 1 - random.uniform(0, 0.32);
  EdgePoints seen(edge.begin() + static_cast<std::ptrdiff_t>(std::lround(start * last)),
                  edge.begin() + static_cast<std::ptrdiff_t>(std::lround(end * last)) + 1);
  const double angle = normal(random) * 7 * M_PI / 180;
  const double squeeze = std::exp(0.2 * normal(random));
  const double shear = 0.15 * normal(random);
  for (EdgePoint& point : seen) {
    const double x = squeeze * point.x + shear * point.y;
    point = {std::cos(angle) * x - std::sin(angle) * point.y,
             std::sin(angle) * x + std::cos(angle) * point.y};
  }
  return normalized_edge(seen, 1);
}

EdgePoints seen_edge(const EdgePoints& edge, RandomDraw& random) {
  EdgePoints seen = turned_edge(edge, random);
  displace(seen, rough(seen.size(), 0.08, 0.012 * random.unit(), random));
  displace(seen, rough(seen.size(), 0.004, 0.0025 * random.unit() * random.unit(), random));
  if (random.chance(0.3)) {
    std::vector<double> bump(seen.size());
    const double position = random.unit();
    const double width = random.log_uniform(0.02, 0.12);
    const double depth = width * random.uniform(-0.5, 0.8);
    add_notch(bump, position, width, depth, random.uniform(-0.5, 0.5), NotchForm::kBell);
    displace(seen, bump);
  }
  if (random.chance(0.5)) {
    seen = smooth_edge(seen, 1 + 0.008 * random.unit() * kNumEdgePoints);
  }
  return normalized_edge(seen, 1);
}

}  // namespace finview
