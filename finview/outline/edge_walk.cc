#include "finview/outline/edge_walk.h"

#include "finview/outline/contour.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <opencv2/core.hpp>

namespace finview {
namespace {

constexpr double kHeight = kWalkHeight;
constexpr double kMinEdgePx = 40;

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

/// Whether the side only turns into a notch at `i`: a little farther along the contour it is again
/// below where it was.
bool is_at_notch(const ScaledContour& contour, int i, int step) {
  for (const double reach : {0.06, 0.1, 0.16, 0.25, 0.4}) {
    const int ahead = contour.index(i + step * static_cast<int>(reach * kHeight));
    if (!ends_here(contour.soft[ahead] - contour.soft[contour.index(i)], step)) return true;
  }
  return false;
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
    if (depth > 0.45 && ends_here(along, step) && !is_at_notch(contour, i, step)) break;
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

/// Above 0 where the right side trails.
double evidence_for_right(const ScaledContour& contour,
                          const EdgePoints& left,
                          const EdgePoints& right) {
  const double tip_x = left.front().x;
  double lean = 0;
  for (const double share : {0.5, 0.7, 0.9}) {
    const double y = contour.top + share * kHeight;
    lean += (tip_x - 0.5 * (x_at(left, y) + x_at(right, y))) / kHeight / 3;
  }
  return lean + 3 * (bulge(left, -1) - bulge(right, 1)) +
         0.35 * std::log((roughness(right) + 1e-6) / (roughness(left) + 1e-6));
}

}  // namespace

std::optional<WalkedFin> walk_fin(const FinOutline& outline) {
  std::optional<ScaledContour> contour = scale_contour(outline);
  if (!contour) return std::nullopt;
  const int tip = find_tip(*contour);
  WalkedFin fin;
  fin.left = walk_down(*contour, tip, -1);
  fin.right = walk_down(*contour, tip, 1);
  if (fin.left.size() < 3 || fin.right.size() < 3) return std::nullopt;
  const double evidence = evidence_for_right(*contour, fin.left, fin.right);
  fin.side = evidence < 0 ? FinSide::kLeft : FinSide::kRight;
  fin.side_evidence = std::abs(evidence);
  fin.px_per_unit = contour->px_per_unit;
  fin.contour = std::move(contour->points);
  if (static_cast<double>(fin.trailing().size() - 1) * fin.px_per_unit < kMinEdgePx) {
    return std::nullopt;
  }
  return fin;
}

}  // namespace finview
