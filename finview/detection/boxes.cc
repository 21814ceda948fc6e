#include "finview/detection/boxes.h"

#include <algorithm>
#include <tuple>

namespace finview {
namespace {

double area(const Detection& box) {
  return std::max(0.0, double{box.right_px} - box.left_px) *
         std::max(0.0, double{box.bottom_px} - box.top_px);
}

auto sort_key(const Detection& box) {
  return std::make_tuple(
      -box.confidence, box.class_index, box.left_px, box.top_px, box.right_px, box.bottom_px);
}

}  // namespace

double intersection_over_union(const Detection& a, const Detection& b) {
  Detection shared;
  shared.left_px = std::max(a.left_px, b.left_px);
  shared.top_px = std::max(a.top_px, b.top_px);
  shared.right_px = std::min(a.right_px, b.right_px);
  shared.bottom_px = std::min(a.bottom_px, b.bottom_px);
  const double shared_area = area(shared);
  return shared_area > 0 ? shared_area / (area(a) + area(b) - shared_area) : 0;
}

std::vector<Detection> suppress_overlaps(std::vector<Detection> detections, double max_iou) {
  std::sort(detections.begin(), detections.end(), [](const Detection& a, const Detection& b) {
    return sort_key(a) < sort_key(b);
  });
  std::vector<Detection> kept;
  for (const Detection& detection : detections) {
    const bool hidden = std::any_of(kept.begin(), kept.end(), [&](const Detection& better) {
      return better.class_index == detection.class_index &&
             intersection_over_union(better, detection) > max_iou;
    });
    if (!hidden) kept.push_back(detection);
  }
  return kept;
}

}  // namespace finview
