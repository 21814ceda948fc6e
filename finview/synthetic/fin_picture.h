#pragma once

#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// A photographed fin and where it lies in its picture.
///
/// Positions have their origin at the outer corner of the top-left pixel.
struct FinPicture {
  cv::Mat bgr;                             ///< CV_8UC3, base of the fin at the bottom
  cv::Mat mask;                            ///< CV_8UC1 of the same size: 255 on the fin, else 0
  std::vector<cv::Point2f> trailing_edge;  ///< from the tip to its lower end
};

/// Throws Error{kBadInput} that says why nothing can be made of a picture: no pixels, no mask of
/// its size, a fin less than 48 px high, an edge that is missing or does not run along the mask.
void check_fin_picture(const FinPicture& picture);

}  // namespace finview::synthetic
