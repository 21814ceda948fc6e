#include "finview/synthetic/genotype.h"
#include "finview/synthetic/random.h"

#include <algorithm>
#include <cmath>

namespace finview::synthetic {
namespace {

using Curve = std::vector<cv::Point2d>;

constexpr int kNumLeading = 700;
constexpr int kNumTrailing = 1400;
constexpr double kFillet = .22;  ///< how far the fin runs out onto the back
constexpr double kFilletHeight = .05;
constexpr double kFoot = -.03;  ///< where the outline ends, below the base line

double fillet(double y) { return kFillet * std::exp(-(y - kFoot) / kFilletHeight); }

cv::Point2d leading(const FinShape& shape, double y) {
  const double above = std::clamp(1 - y, 0., 1.);
  return {shape.tip_x + (shape.base_length - shape.tip_x) * std::pow(above, shape.lead_power) +
              fillet(y),
          y};
}

cv::Point2d trailing(const FinShape& shape, double y) {
  const double height = std::clamp(y, 0., 1.);
  return {shape.tip_x * std::pow(height, 1.5) +
              shape.falcation * std::sin(M_PI * std::pow(height, .85)) - fillet(y),
          y};
}

std::vector<double> arc_lengths(const Curve& curve) {
  std::vector<double> lengths(curve.size(), 0);
  for (std::size_t i = 1; i < curve.size(); ++i) {
    lengths[i] = lengths[i - 1] + cv::norm(curve[i] - curve[i - 1]);
  }
  return lengths;
}

Curve resample(const Curve& curve, int count) {
  const std::vector<double> lengths = arc_lengths(curve);
  Curve result(static_cast<std::size_t>(count));
  std::size_t segment = 1;
  for (int i = 0; i < count; ++i) {
    const double target = lengths.back() * i / (count - 1);
    while (segment + 1 < curve.size() && lengths[segment] < target) ++segment;
    const double span = std::max(1e-12, lengths[segment] - lengths[segment - 1]);
    const double t = std::clamp((target - lengths[segment - 1]) / span, 0., 1.);
    result[static_cast<std::size_t>(i)] = curve[segment - 1] * (1 - t) + curve[segment] * t;
  }
  return result;
}

/// Gaussian smoothing along the curve; the ends stay.
Curve smooth(const Curve& curve, double sigma_points) {
  const int radius = static_cast<int>(std::ceil(3 * sigma_points));
  const int last = static_cast<int>(curve.size()) - 1;
  std::vector<double> kernel(static_cast<std::size_t>(radius) + 1);
  for (int k = 0; k <= radius; ++k) {
    kernel[static_cast<std::size_t>(k)] = std::exp(-.5 * k * k / (sigma_points * sigma_points));
  }
  Curve result = curve;
  for (int i = 1; i < last; ++i) {
    const int reach = std::min({radius, i, last - i});
    cv::Point2d sum;
    double weights = 0;
    for (int k = -reach; k <= reach; ++k) {
      const double weight = kernel[static_cast<std::size_t>(std::abs(k))];
      sum += curve[static_cast<std::size_t>(std::ptrdiff_t{i} + k)] * weight;
      weights += weight;
    }
    result[static_cast<std::size_t>(i)] = sum / weights;
  }
  return result;
}

/// Depth of a notch at `t` in 0..1 across its width, as a share of its greatest depth.
double notch_profile(const Notch& notch, double t) {
  if (t <= 0 || t >= 1) return 0;
  const double a = notch.asymmetry;
  switch (notch.shape) {
    case NotchShape::kSharp:
      return t < a ? t / a : (1 - t) / (1 - a);
    case NotchShape::kRound: {
      const double u = t < a ? (t - a) / a : (t - a) / (1 - a);
      return std::exp(-4.5 * u * u);
    }
    case NotchShape::kStep:
      return t < .15 ? t / .15 : std::pow((1 - t) / .85, .7);
  }
  return 0;
}

/// Smooth random offsets: coarse and fine, deviation 1 together.
std::vector<double> roughness(Random& random, std::size_t count) {
  std::vector<double> result(count, 0);
  for (const int num_knots : {12, 45, 160}) {
    std::vector<double> knots(static_cast<std::size_t>(num_knots) + 2);
    for (double& knot : knots) knot = random.normal(0, .6);
    for (std::size_t i = 0; i < count; ++i) {
      const double place = static_cast<double>(i) / static_cast<double>(count) * num_knots;
      const auto index = static_cast<std::size_t>(place);
      const double t = place - static_cast<double>(index);
      const double blend = t * t * (3 - 2 * t);
      result[i] += knots[index] * (1 - blend) + knots[index + 1] * blend;
    }
  }
  return result;
}

/// Depth at even steps from tip to base, share of the edge's length.
std::vector<double> depths_of(const std::vector<Notch>& notches,
                              const std::vector<double>& rough,
                              double scale) {
  std::vector<double> depths(rough.size());
  for (std::size_t i = 0; i < depths.size(); ++i) {
    const double s = static_cast<double>(i) / static_cast<double>(depths.size() - 1);
    depths[i] = rough[i] * scale * std::min(1., 20 * (1 - s));
    for (const Notch& notch : notches) {
      depths[i] += notch.depth * notch_profile(notch, (s - notch.position) / notch.width + .5);
    }
  }
  return depths;
}

/// Moves the points of an even edge (from the tip on) inward.
void cut(const std::vector<double>& depths, double inward_sign, Curve& edge) {
  const double total = arc_lengths(edge).back();
  const Curve calm = smooth(edge, 6);
  Curve result = edge;
  for (std::size_t i = 1; i + 1 < edge.size(); ++i) {
    const cv::Point2d along = calm[i + 1] - calm[i - 1];
    const double norm = std::max(1e-12, cv::norm(along));
    const cv::Point2d inward = cv::Point2d(-along.y, along.x) * (inward_sign / norm);
    result[i] += inward * (depths[i] * total);
  }
  edge = std::move(result);
}

std::vector<double> edge_roughness(const Genotype& genotype, std::size_t count) {
  Random random(derive_seed(genotype.seed, {0xed9e}));
  return roughness(random, count);
}

}  // namespace

std::vector<double> trailing_depths(const Genotype& genotype, std::size_t count) {
  std::vector<Notch> cuts = genotype.notches;
  cuts.insert(cuts.end(), genotype.tatters.begin(), genotype.tatters.end());
  return depths_of(cuts, edge_roughness(genotype, count), genotype.roughness);
}

EdgeCurve edge_curve(const Genotype& genotype) {
  const FinShape& shape = genotype.shape;
  Curve whole;
  constexpr int kNumDraft = 600;
  for (int i = 0; i <= kNumDraft; ++i) {
    const double t = static_cast<double>(i) / kNumDraft;
    whole.push_back(leading(shape, kFoot + (1 - kFoot) * (1 - (1 - t) * (1 - t))));
  }
  for (int i = kNumDraft - 1; i >= 0; --i) {
    const double t = static_cast<double>(i) / kNumDraft;
    whole.push_back(trailing(shape, kFoot + (1 - kFoot) * (1 - (1 - t) * (1 - t))));
  }
  const int num_points = kNumLeading + kNumTrailing;
  const double length = arc_lengths(whole).back();
  whole = smooth(resample(whole, num_points), shape.tip_radius / length * num_points);
  const auto tip = std::max_element(
      whole.begin(), whole.end(), [](const auto& a, const auto& b) { return a.y < b.y; });
  const double height = tip->y;
  Curve lead(whole.begin(), tip + 1);
  Curve trail(tip, whole.end());
  std::reverse(lead.begin(), lead.end());
  for (Curve* edge : {&lead, &trail}) {
    for (cv::Point2d& point : *edge) point.y /= height;
  }
  lead = resample(lead, kNumLeading);
  trail = resample(trail, kNumTrailing);

  const std::vector<double> rough = edge_roughness(genotype, trail.size());
  std::vector<double> rough_lead(rough.begin(), rough.begin() + kNumLeading);
  cut(depths_of(genotype.nicks, rough_lead, genotype.roughness * .15), -1, lead);
  cut(trailing_depths(genotype, trail.size()), 1, trail);
  EdgeCurve result;
  result.points.assign(lead.rbegin(), lead.rend());
  result.tip_index = result.points.size() - 1;
  result.points.insert(result.points.end(), trail.begin() + 1, trail.end());
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    cv::Point2d& point = result.points[i];
    const double ceiling =
        genotype.tip_cut + .006 * rough[i % rough.size()] * (genotype.tip_cut < 1);
    point.y = std::min(point.y, std::max(ceiling, .8));
  }
  return result;
}

}  // namespace finview::synthetic
