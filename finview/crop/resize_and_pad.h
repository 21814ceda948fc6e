#pragma once

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace finview {

/// Fits a picture into a square of `size_px` without distortion and pads the rest with `color`.
///
/// All padding of a wide picture is on top, so the base of the fin stays at the bottom; that of a
/// tall one is split left and right (the odd pixel goes right). Area averaging where it shrinks,
/// cubic where it grows. Any depth, 1 to 4 channels; `color` gives every channel, alpha too:
/// cv::Scalar(255, 255, 255) pads a BGRA picture with transparent white. A side never becomes
/// shorter than one pixel.
/// Throws Error{kBadInput} for an empty picture and Error{kBadOptions} for a size below 1.
cv::Mat resize_and_pad(const cv::Mat& picture, int size_px, const cv::Scalar& color);

}  // namespace finview
