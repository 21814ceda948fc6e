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
  cv::Mat resized;
  if (shrinks) {
    resized = resize_area(picture, fitted);
  } else {
    cv::resize(picture, resized, fitted, 0, 0, cv::INTER_CUBIC);
  }

  const int pad_x = size_px - fitted.width;
  cv::Mat padded;
  cv::copyMakeBorder(resized,
                     padded,
                     size_px - fitted.height,
                     0,
                     pad_x / 2,
                     pad_x - pad_x / 2,
                     cv::BORDER_CONSTANT,
                     color);
  return padded;
}

}  // namespace finview
