#include "finview/detection/boxes.h"

#include <algorithm>
#include <tuple>

namespace finview {
namespace {

auto sort_key(const Detection& box) {
  return std::make_tuple(
      -box.confidence, box.class_index, box.left_px, box.top_px, box.right_px, box.bottom_px);
}

}  // namespace

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
