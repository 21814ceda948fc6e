#pragma once

#include <algorithm>

namespace finview {

/// A fin found in a photo.
///
/// Pixels of the full upright photo (EXIF orientation applied). The origin is the outer corner of
/// the top-left pixel, x grows right, y grows down; the far edges are exclusive, so
/// `width_px() * height_px()` is the area.
struct Detection {
  float left_px = 0;
  float top_px = 0;
  float right_px = 0;    ///< exclusive
  float bottom_px = 0;   ///< exclusive
  float confidence = 0;  ///< in [0, 1]; the detector's own, not calibrated
  int class_index = 0;   ///< row of the network's class list; 0 = dorsal fin

  float width_px() const { return right_px - left_px; }
  float height_px() const { return bottom_px - top_px; }
};

/// Shared area over joint area; 0 for boxes without area.
inline double intersection_over_union(const Detection& a, const Detection& b) {
  const double width = std::min(a.right_px, b.right_px) - std::max(a.left_px, b.left_px);
  const double height = std::min(a.bottom_px, b.bottom_px) - std::max(a.top_px, b.top_px);
  if (width <= 0 || height <= 0) return 0;
  const double both = width * height;
  const double area_a = double{a.width_px()} * a.height_px();
  const double area_b = double{b.width_px()} * b.height_px();
  return both / (area_a + area_b - both);
}

}  // namespace finview
