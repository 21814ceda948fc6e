#include "finview/crop/resize_and_pad.h"

#include "finview/base/error.h"
#include "finview/crop/resize_area.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

/// Size after the longer side has become `size_px`; halves are rounded to even.
cv::Size fitted_size(const cv::Size& size, int size_px) {
  const double aspect = static_cast<double>(size.width) / size.height;
  if (aspect > 1) {
    return {size_px, std::max(1, static_cast<int>(std::nearbyint(size_px / aspect)))};
  }
  return {std::max(1, static_cast<int>(std::nearbyint(size_px * aspect))), size_px};
}

}  // namespace

cv::Mat resize_and_pad(const cv::Mat& picture, int size_px, const cv::Scalar& color) {
  if (picture.empty()) {
    throw Error(ErrorKind::kBadInput,
                "A picture to resize has no pixels; give one of 1x1 or more.");
  }
  if (size_px < 1) {
    throw Error(
        ErrorKind::kBadOptions,
        fmt::format("The size of a padded picture is {} px; it must be at least 1.", size_px));
  }
  const bool shrinks = picture.rows > size_px || picture.cols > size_px;
  const cv::Size fitted = fitted_size(picture.size(), size_px);
  const int pad_x = size_px - fitted.width;
  const cv::Rect inner({pad_x / 2, size_px - fitted.height}, fitted);
  cv::Mat padded(size_px, size_px, picture.type());
  padded.rowRange(0, inner.y).setTo(color);
  padded.colRange(0, inner.x).setTo(color);
  padded.colRange(inner.br().x, size_px).setTo(color);
  cv::Mat resized = padded(inner);
  if (shrinks) {
    resize_area(picture, resized);
  } else {
    cv::resize(picture, resized, fitted, 0, 0, cv::INTER_CUBIC);
  }
  return padded;
}

}  // namespace finview
