#include "finview/synthetic/fin_picture.h"

#include "finview/base/error.h"

#include <algorithm>

#include <fmt/format.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

constexpr int kLeastHeightPx = 48;
constexpr float kFarFromMask = .06f;  ///< of the fin's height

/// Share of the edge's points near which the mask ends.
double share_on_border(const FinPicture& picture, float reach) {
  const cv::Rect inside({}, picture.mask.size());
  cv::Mat border;  // the picture's own border counts where it cuts the fin
  cv::copyMakeBorder(picture.mask, border, 1, 1, 1, 1, cv::BORDER_CONSTANT);
  cv::morphologyEx(border, border, cv::MORPH_GRADIENT, cv::Mat::ones(3, 3, CV_8U));
  border = border(cv::Rect({1, 1}, picture.mask.size()));
  cv::Mat distance;
  cv::distanceTransform(border == 0, distance, cv::DIST_L2, 3);
  std::size_t near = 0;
  for (const cv::Point2f& point : picture.trailing_edge) {
    const cv::Point pixel(cvFloor(point.x), cvFloor(point.y));
    if (inside.contains(pixel) && distance.at<float>(pixel) <= reach) ++near;
  }
  return static_cast<double>(near) / static_cast<double>(picture.trailing_edge.size());
}

}  // namespace

void check_fin_picture(const FinPicture& picture) {
  const auto fail = [](const std::string& sentence) {
    throw Error(ErrorKind::kBadInput, sentence);
  };
  if (picture.bgr.empty() || picture.bgr.type() != CV_8UC3) {
    fail("The fin's picture has no pixels, or not three 8-bit channels.");
  }
  if (picture.mask.size() != picture.bgr.size() || picture.mask.type() != CV_8UC1) {
    fail(
        fmt::format("The picture is {} x {} px but its mask {} x {}; the fin needs a mask of the "
                    "same size.",
                    picture.bgr.cols,
                    picture.bgr.rows,
                    picture.mask.cols,
                    picture.mask.rows));
  }
  if (cv::countNonZero(picture.mask) == 0) fail("The mask is empty: no fin was found.");
  const cv::Rect box = cv::boundingRect(picture.mask);
  if (box.height < kLeastHeightPx) {
    fail(fmt::format(
        "The fin is {} px high; at least {} px are needed.", box.height, kLeastHeightPx));
  }
  if (picture.trailing_edge.size() < 16) {
    fail(fmt::format("The trailing edge has {} points; at least 16 are needed.",
                     picture.trailing_edge.size()));
  }
  const double share =
      share_on_border(picture, std::max(3.f, kFarFromMask * static_cast<float>(box.height)));
  if (share < .7) {
    fail(
        fmt::format("Only {:.0f} % of the trailing edge lie on the mask's border; at least 70 % "
                    "are needed.",
                    100 * share));
  }
}

}  // namespace finview::synthetic
