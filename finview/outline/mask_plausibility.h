#pragma once

#include <opencv2/core/mat.hpp>

namespace finview {

/// How well a mask fits what a dorsal fin looks like in one crop.
///
/// Sums what speaks for it (colors inside and outside its border differ; the border lies on edges;
/// it is like a triangle; it has few bays) and takes away what speaks against it (it narrows
/// downwards, touches the crop's top or upper sides, falls apart into several runs a row, begins
/// far down). About 5 is perfect, below 4 doubtful; -10 for less than 8 % or more than 85 % of the
/// crop.
class MaskPlausibility {
 public:
  /// `bgr`: CV_8UC3, longest side about 224 px.
  explicit MaskPlausibility(const cv::Mat& bgr);

  /// `mask`: CV_8UC1 of the picture's size, one region, 0 or 255.
  double of(const cv::Mat& mask) const;

 private:
  double color_contrast(const cv::Mat& mask) const;
  double edge_strength(const cv::Mat& mask) const;

  cv::Mat color_bins_;  ///< CV_32SC1, index of the pixel's Lab bin
  cv::Mat edges_;       ///< CV_32FC1, 0..1
};

}  // namespace finview
