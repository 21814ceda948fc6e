#pragma once

#include "finview/detection/detection.h"

#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview {

/// How a photo lies in a network's input: aspect kept, in the middle of a grey frame.
struct Letterbox {
  int input_width_px = 0;  ///< multiples of the network's stride
  int input_height_px = 0;
  cv::Rect content;  ///< the photo, in pixels of the input
  double photo_width_px = 0;
  double photo_height_px = 0;

  /// The box given in 0..1 of the input, as pixels of the full photo, clipped to it.
  /// Confidence and class are left at their defaults.
  Detection photo_box(double center_x, double center_y, double width, double height) const;
};

/// Fits a photo into at most `max_width_px` x `max_height_px` (multiples of `stride_px`).
///
/// The input is shortened to the next multiple of the stride where the photo leaves rows or
/// columns free: a 3:2 photo needs two thirds of a square. Photos are enlarged too if they are
/// smaller. `picture_scale`: pixels of the picture per pixel of the full photo.
Letterbox fit_letterbox(const cv::Size& picture_px,
                        double picture_scale,
                        int max_width_px,
                        int max_height_px,
                        int stride_px);

/// The input itself: 3 x height x width, RGB, 0..1, frame 0.5. `bgr` is CV_8UC3, not empty.
///
/// Shrinks by area averaging, enlarges bilinearly.
std::vector<float> letterbox_planes(const cv::Mat& bgr, const Letterbox& letterbox);

}  // namespace finview
