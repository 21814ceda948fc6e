#pragma once

#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace finview {

/// The border of the largest region of `mask` (CV_8UC1, nonzero = inside), closed, clockwise on the
/// screen.
///
/// Steps of the pixel grid are smoothed (Gaussian, 1.2 px along the border), the border runs
/// between the pixels inside and outside, and points are 1 px apart. The origin is the outer corner
/// of the top-left pixel. Empty if the region is smaller than three pixels.
std::vector<cv::Point2f> trace_contour(const cv::Mat& mask);

/// `count` points at equal distances along the closed polygon, beginning at its first point.
///
/// Empty for fewer than two points or no length.
std::vector<cv::Point2f> resample_closed(const std::vector<cv::Point2f>& polygon, int count);

/// The pixels whose centers lie inside the closed polygon (even-odd rule): CV_8UC1, 0 or 255.
cv::Mat fill_polygon(const std::vector<cv::Point2f>& polygon, const cv::Size& size);

/// Length of the closed polygon.
double perimeter(const std::vector<cv::Point2f>& polygon);

}  // namespace finview
