#pragma once

#include "finview/pipeline/outline_json.h"

#include <opencv2/core/mat.hpp>

namespace finview {

/// The picture (CV_8UC3) at `scale` with what was found in it: outline yellow, leading edge blue,
/// trailing edge green, base line white, tip a ring, notches red from mouth to bottom.
cv::Mat draw_outline(const cv::Mat& bgr, const OutlinedPicture& picture, double scale);

}  // namespace finview
