#pragma once

#include <cstdint>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace finview {

/// A fin over a sea, for tests: pixels and the mask they were drawn from.
struct RenderedFin {
  cv::Mat bgr;   ///< CV_8UC3
  cv::Mat mask;  ///< CV_8UC1, 0 or 255
};

/// A dark fin with a notched trailing edge before a sea of stripes; both carry noise.
RenderedFin render_fin(const cv::Size& size, std::uint64_t seed);

/// Intersection over union of two masks.
double overlap(const cv::Mat& a, const cv::Mat& b);

}  // namespace finview
