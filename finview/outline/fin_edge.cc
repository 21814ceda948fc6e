#include "finview/outline/fin_edge.h"

#include "finview/outline/contour.h"
#include "finview/outline/edge_signal.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

/// All work is done on a contour whose height is this many units, points one unit apart.
constexpr double kHeight = 512;
constexpr double kMinEdgePx = 40;
constexpr std::array<double, FinEdge::kNumChannels - kNumNotchBands> kRadii{0.02, 0.04, 0.07, 0.11};

/// A closed curve smoothed by a Gaussian of `sigma` points.
EdgePoints smooth_closed(const EdgePoints& points, double sigma) {
  const int count = static_cast<int>(points.size());
  const int reach = std::max(1, static_cast<int>(std::ceil(3 * sigma)));
  std::vector<double> weights(2 * reach + 1);
  for (int k = -reach; k <= reach; ++k)
    weights[k + reach] = std::exp(-0.5 * k * k / (sigma * sigma));
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  EdgePoints result(points.size());
  for (int i = 0; i < count; ++i) {
    EdgePoint total;
    for (int k = -reach; k <= reach; ++k) {
      total = total + weights[k + reach] * points[(((i + k) % count) + count) % count];
    }
    result[i] = (1 / sum) * total;
  }
  return result;
}

/// The contour in units, how to return to pixels, and the border it may touch.
struct ScaledContour {
  EdgePoints points;  ///< closed, clockwise
  EdgePoints soft;    ///< the same, smoothed by 2 % of the height
  double px_per_unit = 1;
  double top = 0;
  double left_limit = 0;
  double right_limit = 0;
  double bottom_limit = 0;

  int index(int i) const {
    const int count = static_cast<int>(points.size());
    return ((i % count) + count) % count;
  }
};

std::optional<ScaledContour> scale_contour(const FinOutline& outline) {
  if (outline.contour.size() < 3 || outline.mask.empty()) return std::nullopt;
  const auto [top, bottom] = std::minmax_element(
      outline.contour.begin(), outline.contour.end(), [](auto& a, auto& b) { return a.y < b.y; });
  const double height_px = bottom->y - top->y;
  if (height_px < kMinEdgePx / 2) return std::nullopt;
  ScaledContour scaled;
  scaled.px_per_unit = height_px / kHeight;
  const int count = cvRound(perimeter(outline.contour) / scaled.px_per_unit);
  for (const cv::Point2f& point : resample_closed(outline.contour, count)) {
    scaled.points.push_back({point.x / scaled.px_per_unit, point.y / scaled.px_per_unit});
  }
  scaled.soft = smooth_closed(scaled.points, 0.02 * kHeight);
  scaled.top = top->y / scaled.px_per_unit;
  const double margin_px = std::max(1.5, 0.004 * height_px);
  scaled.left_limit = margin_px / scaled.px_per_unit;
  scaled.right_limit = (outline.mask.cols - margin_px) / scaled.px_per_unit;
  scaled.bottom_limit = (outline.mask.rows - margin_px) / scaled.px_per_unit;
  return scaled;
}

/// The sharpest turn to the right in the top 30 %, the higher the better.
int find_tip(const ScaledContour& contour) {
  constexpr int kArm = static_cast<int>(0.1 * kHeight);
  int best = 0;
  double best_sharpness = -1e9;
  for (int i = 0; i < static_cast<int>(contour.points.size()); ++i) {
    const double depth = (contour.points[i].y - contour.top) / kHeight;
    if (depth > 0.3) continue;
    const EdgePoint in = contour.soft[i] - contour.soft[contour.index(i - kArm)];
    const EdgePoint out = contour.soft[contour.index(i + kArm)] - contour.soft[i];
    const double turn = std::atan2(cross(in, out), dot(in, out));
    const double sharpness = turn - 6 * depth;
    if (sharpness > best_sharpness) {
      best_sharpness = sharpness;
      best = i;
    }
  }
  return best;
}

/// Whether a side that goes along `along` has left the fin: it is nearly level, or turns under the
/// fin, where the fin joins the back.
bool ends_here(const EdgePoint& along, int step) {
  return along.y < 0.18 * norm(along) || -step * along.x > 0.6 * norm(along);
}

/// From the tip down one side; `step` 1 is the right one.
EdgePoints walk_down(const ScaledContour& contour, int tip, int step) {
  const int count = static_cast<int>(contour.points.size());
  EdgePoints side;
  for (int k = 0; k < count; ++k) {
    const int i = contour.index(tip + step * k);
    const EdgePoint& point = contour.points[i];
    const double depth = (point.y - contour.top) / kHeight;
    const bool at_border = point.x < contour.left_limit || point.x > contour.right_limit;
    if (point.y > contour.bottom_limit || (at_border && depth > 0.15)) break;
    const EdgePoint along =
        contour.soft[contour.index(i + step)] - contour.soft[contour.index(i - step)];
    if (depth > 0.45 && ends_here(along, step)) break;
    side.push_back(point);
  }
  return side;
}

/// Mean distance outwards from the chord, as share of it. `outwards` is -1 on the left.
double bulge(const EdgePoints& side, double outwards) {
  const EdgePoint chord = side.back() - side.front();
  double sum = 0;
  for (const EdgePoint& point : side) sum += cross(chord, point - side.front());
  return -outwards * sum / (static_cast<double>(side.size()) * std::max(1.0, dot(chord, chord)));
}

double roughness(const EdgePoints& side) {
  const double length = static_cast<double>(side.size());
  const EdgePoints fine = smooth_edge(side, 0.006 * length);
  const EdgePoints coarse = smooth_edge(side, 0.03 * length);
  double sum = 0;
  for (std::size_t i = 0; i < side.size(); ++i) sum += norm(fine[i] - coarse[i]);
  return sum / (length * length);
}

/// x where the side first reaches `y`; its end if it does not.
double x_at(const EdgePoints& side, double y) {
  const auto found = std::find_if(side.begin(), side.end(), [y](auto& p) { return p.y >= y; });
  return found == side.end() ? side.back().x : found->x;
}

FinSide trailing_side(const ScaledContour& contour,
                      const EdgePoints& left,
                      const EdgePoints& right) {
  const double tip_x = left.front().x;
  double lean = 0;
  for (const double share : {0.5, 0.7, 0.9}) {
    const double y = contour.top + share * kHeight;
    lean += (tip_x - 0.5 * (x_at(left, y) + x_at(right, y))) / kHeight / 3;
  }
  const double evidence = lean + 3 * (bulge(left, -1) - bulge(right, 1)) +
                          0.35 * std::log((roughness(right) + 1e-6) / (roughness(left) + 1e-6));
  return evidence < 0 ? FinSide::kLeft : FinSide::kRight;
}

/// The edge in units and where it was found.
struct WalkedEdge {
  ScaledContour contour;
  EdgePoints points;
  FinSide side = FinSide::kRight;

  double length() const { return static_cast<double>(points.size() - 1); }
};

std::optional<WalkedEdge> walk_edge(const FinOutline& outline) {
  std::optional<ScaledContour> contour = scale_contour(outline);
  if (!contour) return std::nullopt;
  const int tip = find_tip(*contour);
  EdgePoints left = walk_down(*contour, tip, -1);
  EdgePoints right = walk_down(*contour, tip, 1);
  if (left.size() < 3 || right.size() < 3) return std::nullopt;
  WalkedEdge edge;
  edge.side = trailing_side(*contour, left, right);
  edge.points = std::move(edge.side == FinSide::kLeft ? left : right);
  edge.contour = std::move(*contour);
  if (edge.length() * edge.contour.px_per_unit < kMinEdgePx) return std::nullopt;
  return edge;
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

std::vector<float> edge_signals(const WalkedEdge& edge) {
  std::vector<float> signals = notch_profile(edge.points, outward_sign(edge.side));
  const DiscAreas areas(edge.contour.points);
  std::vector<double> outside(edge.points.size());
  for (const double radius : kRadii) {
    for (std::size_t i = 0; i < outside.size(); ++i) {
      outside[i] = 0.5 - areas.share(edge.points[i], radius * edge.length());
    }
    append_at_equal_heights(edge.points, outside, signals);
  }
  return signals;
}

/// Trust in the mask, less for edges of few pixels and for those that end high on the fin.
double edge_quality(const WalkedEdge& edge, double length_px, double mask_confidence) {
  const double depth = (edge.points.back().y - edge.points.front().y) / kHeight;
  const double fine = std::clamp(length_px / 200, 0.0, 1.0);
  const double deep = std::clamp((depth - 0.2) / 0.4, 0.0, 1.0);
  return std::clamp(mask_confidence, 0.0, 1.0) * fine * deep;
}

}  // namespace

std::optional<FinEdge> find_edge(const FinOutline& outline) {
  const std::optional<WalkedEdge> edge = walk_edge(outline);
  if (!edge) return std::nullopt;
  const double px = edge->contour.px_per_unit;
  FinEdge result;
  result.signals = edge_signals(*edge);
  for (const EdgePoint& point : edge->points) {
    result.points.emplace_back(static_cast<float>(point.x * px), static_cast<float>(point.y * px));
  }
  result.length_px = edge->length() * px;
  result.side = edge->side;
  result.quality = edge_quality(*edge, result.length_px, outline.mask_confidence);
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
