#include "finview/crop/cut.h"

#include "finview/base/error.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

void check_box(const Detection& box, int photo_width_px, int photo_height_px) {
  const bool finite = std::isfinite(box.left_px) && std::isfinite(box.top_px) &&
                      std::isfinite(box.right_px) && std::isfinite(box.bottom_px);
  const bool overlaps = box.left_px < photo_width_px && box.top_px < photo_height_px &&
                        box.right_px > 0 && box.bottom_px > 0;
  const bool has_area = box.right_px > box.left_px && box.bottom_px > box.top_px;
  if (finite && overlaps && has_area) return;
  throw Error(
      ErrorKind::kBadInput,
      fmt::format("A box from ({}, {}) to ({}, {}) px has no area within the photo of {}x{} "
                  "px; give a box that overlaps the photo.",
                  box.left_px,
                  box.top_px,
                  box.right_px,
                  box.bottom_px,
                  photo_width_px,
                  photo_height_px));
}

/// Pixels may be reduced: both sides by the same factor, each rounded to a whole pixel.
void check_shape(const cv::Size& pixels, const PixelRect& region) {
  const double scale = std::max(static_cast<double>(pixels.width) / region.width_px,
                                static_cast<double>(pixels.height) / region.height_px);
  if (!pixels.empty() && std::abs(pixels.width - region.width_px * scale) <= 1.5 &&
      std::abs(pixels.height - region.height_px * scale) <= 1.5) {
    return;
  }
  throw Error(ErrorKind::kBadInput,
              fmt::format("Pixels of {}x{} do not show a region of {}x{} px of the photo; their "
                          "shapes must agree.",
                          pixels.width,
                          pixels.height,
                          region.width_px,
                          region.height_px));
}

cv::Mat shrink(const cv::Mat& picture, const cv::Size& size) {
  if (picture.empty() || picture.size() == size) return picture;
  cv::Mat small;
  cv::resize(picture, small, size, 0, 0, cv::INTER_AREA);
  return small;
}

}  // namespace

PixelRect fin_region(const Detection& detection,
                     double margin,
                     int photo_width_px,
                     int photo_height_px) {
  if (!(margin >= 0 && margin <= 10)) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("The margin around a fin is {}; it must be in 0..10.", margin));
  }
  check_box(detection, photo_width_px, photo_height_px);
  const double grow = margin * std::max(detection.width_px(), detection.height_px());
  const auto clip = [](double position, int size) {
    return static_cast<int>(std::clamp(position, 0.0, static_cast<double>(size)));
  };
  PixelRect region;
  region.left_px = clip(std::floor(detection.left_px - grow), photo_width_px);
  region.top_px = clip(std::floor(detection.top_px - grow), photo_height_px);
  region.width_px = clip(std::ceil(detection.right_px + grow), photo_width_px) - region.left_px;
  region.height_px = clip(std::ceil(detection.bottom_px + grow), photo_height_px) - region.top_px;
  return region;
}

Crop make_crop(const Picture& region_pixels, const PixelRect& region, int longest_px) {
  if (longest_px < 1) {
    throw Error(
        ErrorKind::kBadOptions,
        fmt::format("The longer side of a crop is {} px; it must be at least 1.", longest_px));
  }
  const cv::Size full = region_pixels.bgr.size();
  check_shape(full, region);
  const double scale =
      std::min(1.0, static_cast<double>(longest_px) / std::max(full.width, full.height));
  const cv::Size size(std::max(1, cvRound(full.width * scale)),
                      std::max(1, cvRound(full.height * scale)));
  const bool wide = region.width_px >= region.height_px;

  Crop crop;
  crop.bgr = shrink(region_pixels.bgr, size);
  crop.alpha = shrink(region_pixels.alpha, size);
  crop.left_px = region.left_px;
  crop.top_px = region.top_px;
  crop.photo_px_per_crop_px = wide ? static_cast<double>(region.width_px) / size.width
                                   : static_cast<double>(region.height_px) / size.height;
  return crop;
}

Crop whole_picture_crop(const Picture& picture) {
  Crop crop;
  crop.bgr = picture.bgr;
  crop.alpha = picture.alpha;
  crop.photo_px_per_crop_px = 1 / picture.scale;
  return crop;
}

}  // namespace finview
