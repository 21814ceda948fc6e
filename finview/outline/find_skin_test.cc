#include "finview/outline/find_skin.h"

#include "finview/outline/find_outline.h"
#include "finview/outline/find_parts.h"

#include <cmath>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

/// A gray fin with dark scars at these places, brighter from left to right by `light`, `scale`
/// times as large.
struct DrawnFin {
  DrawnFin(const std::vector<cv::Point>& scars, double light, double scale) {
    const std::vector<cv::Point> border{{180, 40}, {60, 340}, {330, 340}, {250, 200}, {200, 60}};
    cv::Mat mask = cv::Mat::zeros(360, 400, CV_8UC1);
    cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{border}, cv::Scalar(255));
    cv::Mat bgr(360, 400, CV_8UC3, cv::Scalar::all(180));
    bgr.setTo(cv::Scalar::all(100), mask);
    for (const cv::Point& scar : scars) {
      cv::ellipse(bgr, scar, {9, 5}, scar.x, 0, 360, cv::Scalar::all(60), -1);
    }
    for (int y = 0; y < bgr.rows; ++y) {
      for (int x = 0; x < bgr.cols; ++x) {
        bgr.at<cv::Vec3b>(y, x) += cv::Vec3b::all(static_cast<std::uint8_t>(light * x));
      }
    }
    cv::resize(bgr, crop.bgr, {}, scale, scale, cv::INTER_AREA);
    cv::resize(mask, mask, crop.bgr.size(), 0, 0, cv::INTER_AREA);
    outline = outline_of_mask(mask > 127, MaskSource::kAlpha, 1);
  }
  std::vector<std::int8_t> skin() const {
    return find_skin(crop, outline, find_parts(outline).value());
  }
  Crop crop;
  FinOutline outline;
};

const std::vector<cv::Point> kScars{{170, 150}, {150, 250}, {220, 260}, {180, 300}};

/// Correlation where both are skin.
double correlation(const std::vector<std::int8_t>& a, const std::vector<std::int8_t>& b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == FinMarks::kNoSkin || b[i] == FinMarks::kNoSkin) continue;
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

TEST(FindSkin, LightAndSizeDoNotMatterButScarsDo) {
  const auto skin = DrawnFin(kScars, 0, 1).skin();
  ASSERT_EQ(skin.size(), std::size_t{FinMarks::kSkinSide} * FinMarks::kSkinSide);
  EXPECT_GT(correlation(skin, DrawnFin(kScars, 0.2, 1).skin()), 0.8);
  EXPECT_GT(correlation(skin, DrawnFin(kScars, 0, 0.6).skin()), 0.7);
  const std::vector<cv::Point> others{{190, 130}, {200, 220}, {130, 290}, {250, 310}};
  EXPECT_LT(correlation(skin, DrawnFin(others, 0, 1).skin()), 0.3);
}

TEST(FindSkin, TheSeaTakesNoPart) {
  DrawnFin fin(kScars, 0, 1);
  const auto before = fin.skin();
  fin.crop.bgr.setTo(cv::Scalar::all(20), fin.outline.mask == 0);
  EXPECT_EQ(fin.skin(), before);
}

TEST(FindSkin, NothingOfNoFin) {
  DrawnFin fin(kScars, 0, 1);
  const FinParts parts = find_parts(fin.outline).value();
  fin.outline.mask.setTo(0);
  EXPECT_TRUE(find_skin(fin.crop, fin.outline, parts).empty());
  FinParts flat = parts;
  flat.base_rear = flat.base_front = flat.tip;
  EXPECT_TRUE(find_skin(fin.crop, fin.outline, flat).empty());
}

}  // namespace
}  // namespace finview
