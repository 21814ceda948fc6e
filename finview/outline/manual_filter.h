#pragma once

#include "finview/outline/outline_edit.h"

#include <opencv2/core/mat.hpp>

namespace finview {

/// What the manual filter makes of a crop.
struct FilteredFin {
  cv::Mat mask;  ///< CV_8UC1, 0 or 255
  cv::Mat bgr;   ///< CV_8UC3, `ManualFilter::picture` applied; the background is left in
};

/// The picture (CV_8UC3 or CV_8UC1) through a tone curve. Dark values end at black; in the first
/// FinView they came back bright.
cv::Mat through_curve(const cv::Mat& picture, const ToneCurve& curve);

/// The dark, coherent part of a crop (CV_8UC3) as fin, with the steps and kernels of the first
/// FinView's tool at its 512 px: gray, stretch of the 2nd to 98th percentile, CLAHE 1.8, threshold
/// at the mean, opening and closing, Canny, closing by 7 x 7, the largest contour filled. `invert`:
/// the light part.
///
/// A mask of zeros where no contour is found or it fills nearly all of the crop. Deterministic.
/// About 10 ms.
FilteredFin manual_filter(const cv::Mat& bgr, const ManualFilter& settings);

}  // namespace finview
