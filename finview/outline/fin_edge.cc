#include "finview/outline/fin_edge.h"

#include "finview/outline/edge_signal.h"
#include "finview/outline/edge_walk.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace finview {
namespace {

constexpr std::array<double, FinEdge::kNumChannels - kNumNotchBands> kRadii{0.02, 0.04, 0.07, 0.11};

/// In units, as the points are one apart.
double trailing_length(const WalkedFin& fin) {
  return static_cast<double>(fin.trailing().size() - 1);
}

/// Areas of the fin within discs.
class DiscAreas {
 public:
  explicit DiscAreas(const EdgePoints& contour) {
    double bottom = -1e18;
    top_ = 1e18;
    for (const EdgePoint& point : contour) {
      top_ = std::min(top_, point.y);
      bottom = std::max(bottom, point.y);
    }
    crossings_.resize(std::max(kBottomRows + 1, static_cast<int>(std::ceil(bottom - top_))));
    for (std::size_t i = 0; i < contour.size(); ++i) {
      add_side(contour[i], contour[(i + 1) % contour.size()]);
    }
    for (std::vector<double>& row : crossings_) std::sort(row.begin(), row.end());
  }

  /// Share of the disc that lies in the fin, which is taken to go on straight below its last row.
  double share(const EdgePoint& center, double radius) const {
    double inside = 0;
    double whole = 0;
    const int first = static_cast<int>(std::floor(center.y - radius - top_));
    const int last = static_cast<int>(std::ceil(center.y + radius - top_));
    for (int row = first; row <= last; ++row) {
      const double dy = top_ + row + 0.5 - center.y;
      if (std::abs(dy) >= radius) continue;
      const double half = std::sqrt(radius * radius - dy * dy);
      whole += 2 * half;
      inside += covered(row, center.x - half, center.x + half);
    }
    return whole > 0 ? inside / whole : 0;
  }

 private:
  /// Notes where the side crosses the middle of rows.
  void add_side(const EdgePoint& a, const EdgePoint& b) {
    const auto [low, high] = std::minmax(a.y, b.y);
    const int first = std::max(0, static_cast<int>(std::ceil(low - top_ - 0.5)));
    for (int row = first; row < static_cast<int>(crossings_.size()); ++row) {
      const double y = top_ + row + 0.5;
      if (y >= high) break;
      crossings_[row].push_back(a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y));
    }
  }

  double covered(int row, double from, double to) const {
    if (row < 0) return 0;
    const std::vector<double>& x =
        crossings_[std::min(row, static_cast<int>(crossings_.size()) - 1 - kBottomRows)];
    double sum = 0;
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
      sum += std::max(0.0, std::min(to, x[i + 1]) - std::max(from, x[i]));
    }
    return sum;
  }

  static constexpr int kBottomRows = 4;  ///< corners are rounded there
  double top_ = 0;
  std::vector<std::vector<double>> crossings_;  ///< per row, sorted; pairs enclose the fin
};

std::vector<float> edge_signals(const WalkedFin& fin) {
  const EdgePoints& edge = fin.trailing();
  std::vector<float> signals = notch_profile(edge, outward_sign(fin.side));
  const DiscAreas areas(fin.contour);
  std::vector<double> outside(edge.size());
  for (const double radius : kRadii) {
    for (std::size_t i = 0; i < outside.size(); ++i) {
      outside[i] = 0.5 - areas.share(edge[i], radius * trailing_length(fin));
    }
    append_at_equal_heights(edge, outside, signals);
  }
  return signals;
}

/// Trust in the mask, less for edges of few pixels and for those that end high on the fin.
double edge_quality(const EdgePoints& edge, double length_px, double mask_confidence) {
  const double depth = (edge.back().y - edge.front().y) / kWalkHeight;
  const double fine = std::clamp(length_px / 200, 0.0, 1.0);
  const double deep = std::clamp((depth - 0.2) / 0.4, 0.0, 1.0);
  return std::clamp(mask_confidence, 0.0, 1.0) * fine * deep;
}

}  // namespace

std::optional<FinEdge> find_edge(const FinOutline& outline) {
  const std::optional<WalkedFin> fin = walk_fin(outline);
  if (!fin) return std::nullopt;
  const double px = fin->px_per_unit;
  FinEdge result;
  result.signals = edge_signals(*fin);
  for (const EdgePoint& point : fin->trailing()) {
    result.points.emplace_back(static_cast<float>(point.x * px), static_cast<float>(point.y * px));
  }
  result.length_px = trailing_length(*fin) * px;
  result.side = fin->side;
  result.quality = edge_quality(fin->trailing(), result.length_px, outline.mask_confidence);
  return result;
}

EdgePoints edge_points(const FinEdge& edge) {
  EdgePoints points;
  points.reserve(edge.points.size());
  for (const cv::Point2f& point : edge.points) points.push_back({point.x, point.y});
  return points;
}

double outward_sign(FinSide side) { return side == FinSide::kRight ? 1 : -1; }

}  // namespace finview
