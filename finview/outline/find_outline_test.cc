#include "finview/outline/find_outline.h"

#include "finview/outline/rendered_fin_testing.h"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

Crop crop_of(const cv::Mat& bgr, const cv::Mat& alpha = {}) {
  Crop crop;
  crop.bgr = bgr;
  crop.alpha = alpha;
  return crop;
}

TEST(FindOutline, TakesTheAlphaChannelThatHidesTheSea) {
  const RenderedFin fin = render_fin({200, 180}, 1);
  const FinOutline outline = find_outline(crop_of(fin.bgr, fin.mask));
  EXPECT_EQ(outline.mask_source, MaskSource::kAlpha);
  EXPECT_EQ(outline.mask_confidence, 1);
  EXPECT_GT(overlap(outline.mask, fin.mask), 0.999);
  EXPECT_NEAR(cv::contourArea(outline.contour), cv::countNonZero(fin.mask), 300);
}

TEST(FindOutline, TakesAUniformBackground) {
  for (const int level : {255, 0}) {
    RenderedFin fin = render_fin({200, 180}, 2);
    fin.bgr.setTo(cv::Scalar::all(120), fin.mask);
    fin.bgr.setTo(cv::Scalar::all(level), 255 - fin.mask);
    const FinOutline outline = find_outline(crop_of(fin.bgr));
    EXPECT_EQ(outline.mask_source, MaskSource::kBackground);
    EXPECT_GT(overlap(outline.mask, fin.mask), 0.98);
  }
}

TEST(FindOutline, LooksAtThePixelsOfOpaquePictures) {
  const RenderedFin fin = render_fin({300, 280}, 3);
  const cv::Mat opaque(fin.bgr.size(), CV_8UC1, cv::Scalar(255));
  const FinOutline outline = find_outline(crop_of(fin.bgr, opaque));
  EXPECT_EQ(outline.mask_source, MaskSource::kAutomatic);
  EXPECT_GT(overlap(outline.mask, fin.mask), 0.95);
}

TEST(FindOutline, SaysThatItFoundNothing) {
  const cv::Mat gray(60, 50, CV_8UC3, cv::Scalar::all(100));
  const cv::Mat transparent(60, 50, CV_8UC1, cv::Scalar(0));
  for (const Crop& crop : {crop_of(cv::Mat()),
                           crop_of(cv::Mat(1, 1, CV_8UC3, cv::Scalar::all(0))),
                           crop_of(cv::Mat(2, 2, CV_8UC3, cv::Scalar::all(255))),
                           crop_of(gray),
                           crop_of(gray, transparent)}) {
    const FinOutline outline = find_outline(crop);
    EXPECT_EQ(outline.mask_source, MaskSource::kNone);
    EXPECT_EQ(outline.mask_confidence, 0);
    EXPECT_TRUE(outline.contour.empty());
    EXPECT_EQ(outline.mask.size(), crop.bgr.size());
    EXPECT_TRUE(outline.mask.empty() || cv::countNonZero(outline.mask) == 0);
  }
}

}  // namespace
}  // namespace finview
