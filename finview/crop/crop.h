#pragma once

#include <opencv2/core/mat.hpp>

namespace finview {

/// A fin cut out of a photo, base at the bottom.
///
/// `photo_from_crop`: photo_x = left_px + crop_x * photo_px_per_crop_px, likewise y; both are
/// positions with the origin at the outer corner of the top-left pixel.
struct Crop {
  cv::Mat bgr;    ///< CV_8UC3
  cv::Mat alpha;  ///< CV_8UC1 of the same size; empty = fully opaque, nothing known about the mask
  double left_px = 0;
  double top_px = 0;
  double photo_px_per_crop_px = 1;
};

}  // namespace finview
