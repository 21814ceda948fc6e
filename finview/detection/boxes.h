#pragma once

#include "finview/detection/detection.h"

#include <vector>

namespace finview {

/// Greedy non-maximum suppression within each class.
///
/// Keeps the most confident box, drops every other of its class that overlaps it by more than
/// `max_iou`, and so on. The result is sorted most confident first, equally confident ones by
/// class, left, top, right and bottom, so it does not depend on the order given. O(n^2).
std::vector<Detection> suppress_overlaps(std::vector<Detection> detections, double max_iou);

/// The same, but each box that stays is moved to the mean of all of its class that overlap it by
/// `kMinVoterIou` or more, weighted by confidence: several cells and anchors of a network see one
/// fin, and the surest is not the best placed. Confidences are not changed. Source: Gidaris &
/// Komodakis, "Object detection via a multi-region and semantic segmentation-aware CNN model", ICCV
/// 2015, section 4 (bounding box voting).
std::vector<Detection> suppress_and_vote(const std::vector<Detection>& detections, double max_iou);
inline constexpr double kMinVoterIou = 0.5;

}  // namespace finview
