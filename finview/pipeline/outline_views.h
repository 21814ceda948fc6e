#pragma once

#include "finview/pipeline/outline_pictures.h"

#include <cstdint>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview::internal {

/// A crop as the mask networks see it: a square with the crop at the middle of its lower side. Each
/// CV_8UC1 but `bgr`, 0 to 255.
struct OutlineView {
  cv::Mat bgr;     ///< CV_8UC3
  cv::Mat fin;     ///< share of the pixel that is fin
  cv::Mat known;   ///< where `fin` is right
  cv::Mat others;  ///< share of the pixel that is another animal's fin
  bool others_known = false;
};

/// The picture's fin as another crop of another photo might show it: framed, turned, mirrored,
/// lit, blurred, compressed differently, and at times with the fin of one of `pictures` behind it
/// or with no fin at all.
///
/// Depends on the arguments alone. About 20 ms at 512 px.
OutlineView random_outline_view(const std::vector<OutlinePicture>& pictures,
                                std::size_t index,
                                int side_px,
                                std::uint64_t seed);

/// The fin with the margin its crop would have, nothing else changed.
OutlineView plain_outline_view(const OutlinePicture& picture, int side_px);

}  // namespace finview::internal
