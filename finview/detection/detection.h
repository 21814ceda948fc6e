#pragma once

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

}  // namespace finview
