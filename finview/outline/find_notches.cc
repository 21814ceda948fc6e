#include "finview/outline/find_notches.h"

#include "finview/outline/fin_edge.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace finview {
namespace {

constexpr double kDiscRadius = 0.08;    ///< of the edge's length
constexpr double kSmoothing = 1.5;      ///< units, of the edge
constexpr double kNormalSmoothing = 3;  ///< units, of the edge's direction
constexpr double kTangency = 0.8;       ///< units by which a disc may overlap the fin
constexpr double kFloor = 0.003;        ///< depth that is the edge's own roughness, heights
constexpr double kContact = 0.0008;     ///< depth up to which the disc touches, heights
constexpr double kLeastDepth = 0.008;   ///< of a notch, heights
constexpr double kRidge = 0.35;         ///< by which a ridge parts two notches, of the shallower
constexpr double kLeastRidge = 0.005;   ///< the same at least, heights

/// Centers of the discs that touch the edge from outside and overlap it nowhere.
EdgePoints free_centers(const EdgePoints& edge, double radius, double outward) {
  const EdgePoints calm = smooth_edge(edge, kNormalSmoothing);
  const int last = static_cast<int>(edge.size()) - 1;
  const double nearest = std::pow(radius - kTangency, 2);
  EdgePoints centers;
  for (int i = 0; i <= last; ++i) {
    const EdgePoint along = calm[std::min(i + 1, last)] - calm[std::max(i - 1, 0)];
    const double length = norm(along);
    if (length <= 0) continue;
    // To the right of the picture for an edge that runs down it and has its outside there.
    const EdgePoint out = (outward * radius / length) * EdgePoint{along.y, -along.x};
    const EdgePoint center = edge[i] + out;
    const bool overlaps = std::any_of(edge.begin(), edge.end(), [&](const EdgePoint& point) {
      const EdgePoint arm = point - center;
      return dot(arm, arm) < nearest;
    });
    if (!overlaps) centers.push_back(center);
  }
  return centers;
}

/// How far each point of the edge lies out of the disc's reach, units.
std::vector<double> depths_out_of_reach(const EdgePoints& edge, double radius, double outward) {
  const EdgePoints centers = free_centers(edge, radius, outward);
  std::vector<double> depths(edge.size(), 0);
  if (centers.empty()) return depths;
  for (std::size_t i = 0; i < edge.size(); ++i) {
    double least = 1e18;
    for (const EdgePoint& center : centers) {
      const EdgePoint arm = edge[i] - center;
      least = std::min(least, dot(arm, arm));
    }
    depths[i] = std::max(0.0, std::sqrt(least) - radius);
  }
  return depths;
}

/// Points `first` to `last` of the edge.
struct Stretch {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// Stretches between contacts of the disc that get deeper than the edge's roughness.
std::vector<Stretch> hollows(const std::vector<double>& depths) {
  std::vector<Stretch> found;
  const std::size_t count = depths.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (depths[i] <= kFloor * kWalkHeight) continue;
    Stretch hollow{i, i};
    while (hollow.first > 0 && depths[hollow.first] > kContact * kWalkHeight) --hollow.first;
    while (hollow.last + 1 < count && depths[hollow.last] > kContact * kWalkHeight) ++hollow.last;
    found.push_back(hollow);
    i = hollow.last;
  }
  return found;
}

/// The hollow cut at the ridges within it; no part that reaches an end of the edge.
std::vector<Stretch> parted(const std::vector<double>& depths, const Stretch& hollow) {
  std::vector<Stretch> parts;
  Stretch part{hollow.first, hollow.first};
  double deepest = 0;
  std::size_t ridge = hollow.first;
  bool is_rising = false;  // out of the last notch, toward a ridge
  const auto stands_out = [](double depth) {
    return std::max(kRidge * depth, kLeastRidge * kWalkHeight);
  };
  for (std::size_t i = hollow.first; i <= hollow.last; ++i) {
    const double depth = depths[i];
    if (!is_rising) {
      deepest = std::max(deepest, depth);
      ridge = i;
      is_rising = depth < deepest - stands_out(deepest);
      continue;
    }
    if (depth < depths[ridge]) ridge = i;
    const double next = depth - depths[ridge];
    if (next > stands_out(depth)) {
      parts.push_back({part.first, ridge});
      part.first = ridge;
      deepest = depth;
      is_rising = false;
    }
  }
  parts.push_back({part.first, hollow.last});
  if (parts.back().last + 1 == depths.size()) parts.pop_back();
  if (!parts.empty() && parts.front().first == 0) parts.erase(parts.begin());
  return parts;
}

struct Deepest {
  std::size_t index = 0;
  double depth = 0;  ///< below the line across the mouth
};

Deepest deepest_below_mouth(const EdgePoints& edge, const Stretch& part, double outward) {
  const EdgePoint mouth = edge[part.last] - edge[part.first];
  const double length = std::max(1e-9, norm(mouth));
  Deepest deepest{part.first, 0};
  for (std::size_t i = part.first; i <= part.last; ++i) {
    const double depth = outward * cross(mouth, edge[i] - edge[part.first]) / length;
    if (depth > deepest.depth) deepest = {i, depth};
  }
  return deepest;
}

/// Way from the tip to each point along the edge with its hollows bridged.
std::vector<double> bridged_lengths(const EdgePoints& edge, const std::vector<Stretch>& hollows) {
  std::vector<double> lengths(edge.size(), 0);
  for (std::size_t i = 1; i < edge.size(); ++i) {
    lengths[i] = lengths[i - 1] + norm(edge[i] - edge[i - 1]);
  }
  double saved = 0;
  std::size_t begin = 0;
  std::vector<double> bridged = lengths;
  for (const Stretch& hollow : hollows) {
    for (std::size_t i = begin; i <= hollow.first; ++i) bridged[i] = lengths[i] - saved;
    const EdgePoint mouth = edge[hollow.last] - edge[hollow.first];
    const double across = std::max(1e-9, norm(mouth));
    for (std::size_t i = hollow.first + 1; i <= hollow.last; ++i) {
      const double share = dot(edge[i] - edge[hollow.first], mouth) / across;
      bridged[i] = bridged[hollow.first] + std::clamp(share, 0.0, across);
    }
    saved = lengths[hollow.last] - bridged[hollow.first] - across;
    begin = hollow.last;
  }
  for (std::size_t i = begin; i < edge.size(); ++i) bridged[i] = lengths[i] - saved;
  return bridged;
}

}  // namespace

std::vector<Notch> find_notches(const WalkedFin& fin) {
  const double outward = outward_sign(fin.side);
  const EdgePoints& edge = fin.trailing();
  const double radius = kDiscRadius * static_cast<double>(edge.size() - 1);
  const std::vector<double> depths =
      depths_out_of_reach(smooth_edge(edge, kSmoothing), radius, outward);
  const std::vector<Stretch> found = hollows(depths);
  const std::vector<double> along = bridged_lengths(edge, found);
  const auto to_px = [&](const EdgePoint& point) {
    return cv::Point2f(static_cast<float>(point.x * fin.px_per_unit),
                       static_cast<float>(point.y * fin.px_per_unit));
  };
  std::vector<Notch> notches;
  for (const Stretch& hollow : found) {
    for (const Stretch& part : parted(depths, hollow)) {
      const Deepest deepest = deepest_below_mouth(edge, part, outward);
      if (deepest.depth < kLeastDepth * kWalkHeight) continue;
      notches.push_back({along[deepest.index] / along.back(),
                         deepest.depth / kWalkHeight,
                         (along[part.last] - along[part.first]) / along.back(),
                         to_px(edge[part.first]),
                         to_px(edge[deepest.index]),
                         to_px(edge[part.last])});
    }
  }
  return notches;
}

}  // namespace finview
