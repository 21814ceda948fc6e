#pragma once

#include "finview/detection/detection.h"

#include <span>

#include <opencv2/core/types.hpp>

namespace finview {

/// The square around `find` that a second look is taken of: kSecondLookSides times the longer side
/// of its box, clipped to the picture. `scale`: pixels of the picture per pixel of the full photo.
/// In pixels of the picture; may be empty.
cv::Rect second_look_region(const Detection& find, const cv::Size& picture_px, double scale);
inline constexpr double kSecondLookSides = 2.5;

/// `find` after a second look that saw `seen` there (same pixels as `find`).
///
/// Takes the box of the one that is most confident and most alike (confidence times IoU); the
/// confidence is the geometric mean of both looks'. A find that is not seen again keeps its box and
/// a tenth of its confidence.
Detection second_look(const Detection& find, std::span<const Detection> seen);

}  // namespace finview
