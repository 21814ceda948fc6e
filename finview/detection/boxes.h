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

}  // namespace finview
