#include "finview/detection/boxes.h"

#include <algorithm>
#include <tuple>

namespace finview {
namespace {

auto sort_key(const Detection& box) {
  return std::make_tuple(
      -box.confidence, box.class_index, box.left_px, box.top_px, box.right_px, box.bottom_px);
}

/// Means of edges, weighted by confidence.
class EdgeMeans {
 public:
  void add(const Detection& box) {
    weight_ += box.confidence;
    left_ += box.confidence * box.left_px;
    top_ += box.confidence * box.top_px;
    right_ += box.confidence * box.right_px;
    bottom_ += box.confidence * box.bottom_px;
  }

  void place(Detection& box) const {
    if (weight_ <= 0) return;
    box.left_px = static_cast<float>(left_ / weight_);
    box.top_px = static_cast<float>(top_ / weight_);
    box.right_px = static_cast<float>(right_ / weight_);
    box.bottom_px = static_cast<float>(bottom_ / weight_);
  }

 private:
  double weight_ = 0, left_ = 0, top_ = 0, right_ = 0, bottom_ = 0;
};

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

std::vector<Detection> suppress_and_vote(const std::vector<Detection>& detections, double max_iou) {
  std::vector<Detection> kept = suppress_overlaps(detections, max_iou);
  for (Detection& box : kept) {
    EdgeMeans means;
    for (const Detection& voter : detections) {
      if (voter.class_index == box.class_index &&
          intersection_over_union(voter, box) >= kMinVoterIou) {
        means.add(voter);
      }
    }
    means.place(box);
  }
  return kept;
}

}  // namespace finview
