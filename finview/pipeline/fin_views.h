#pragma once

#include <cstdint>

#include <opencv2/core/mat.hpp>

namespace finview {

/// How differently one photo may look from another.
struct ViewOptions {
  double color = 0.35;       ///< change of brightness, contrast and color cast
  double degradation = 0.5;  ///< chance each of blur, low size, noise, JPEG
};

/// Changes colors and quality of a picture (CV_8UC3). Depends on the arguments alone.
void change_photo(cv::Mat& bgr, const ViewOptions& options, std::uint64_t seed);

}  // namespace finview
