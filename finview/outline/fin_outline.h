#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace finview {

/// Where a fin's mask came from.
enum class MaskSource {
  kNone,        ///< no fin was found in the crop
  kAlpha,       ///< the picture's alpha channel
  kBackground,  ///< the picture's uniform white or black background
  kAutomatic    ///< found in the pixels, without a person's help
};

/// "none", "alpha", "background" or "automatic".
std::string to_string(MaskSource source);

/// The fin within its crop.
struct FinOutline {
  cv::Mat mask;  ///< CV_8UC1, size of the crop: 255 on the fin, else 0
  /// Closed, clockwise on the screen, one point per pixel of length; positions in crop pixels with
  /// the origin at the outer corner of the top-left pixel. Empty if the mask is.
  std::vector<cv::Point2f> contour;
  MaskSource mask_source = MaskSource::kNone;
  double mask_confidence = 0;  ///< in [0, 1]; 1 for a mask a person made
};

}  // namespace finview
