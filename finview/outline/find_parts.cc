#include "finview/outline/find_parts.h"

#include "finview/outline/edge_walk.h"
#include "finview/outline/find_notches.h"

#include <algorithm>
#include <cmath>

namespace finview {
namespace {

constexpr double kSideSlope = 3.5;

std::vector<cv::Point2f> in_px(const EdgePoints& edge, double px_per_unit) {
  std::vector<cv::Point2f> points;
  points.reserve(edge.size());
  for (const EdgePoint& point : edge) {
    points.emplace_back(static_cast<float>(point.x * px_per_unit),
                        static_cast<float>(point.y * px_per_unit));
  }
  return points;
}

double distinctiveness(const std::vector<Notch>& notches, double mark_contrast) {
  double cut_out = 0;
  for (const Notch& notch : notches) cut_out += std::min(notch.depth, 0.08);
  const double by_notches = std::min(1.0, cut_out / 0.15);
  const double by_marks = std::clamp((mark_contrast - 0.04) / 0.12, 0.0, 1.0);
  return 1 - (1 - by_notches) * (1 - 0.5 * by_marks);
}

}  // namespace

std::optional<FinParts> find_parts(const FinOutline& outline) {
  const std::optional<WalkedFin> fin = walk_fin(outline);
  if (!fin) return std::nullopt;
  FinParts parts;
  parts.leading_edge = in_px(fin->leading(), fin->px_per_unit);
  parts.trailing_edge = in_px(fin->trailing(), fin->px_per_unit);
  parts.tip = parts.trailing_edge.front();
  parts.base_front = parts.leading_edge.back();
  parts.base_rear = parts.trailing_edge.back();
  parts.side = fin->side;
  parts.side_confidence = 1 / (1 + std::exp(-kSideSlope * fin->side_evidence));
  parts.notches = find_notches(*fin);
  parts.distinctiveness = distinctiveness(parts.notches, outline.quality.mark_contrast);
  return parts;
}

const char* flank_in_view(FinSide side) { return side == FinSide::kRight ? "left" : "right"; }

}  // namespace finview
