#include "finview/crop/cut.h"

#include "finview/base/error.h"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>

namespace finview {
namespace {

Detection box(float left, float top, float right, float bottom) {
  Detection detection;
  detection.left_px = left;
  detection.top_px = top;
  detection.right_px = right;
  detection.bottom_px = bottom;
  return detection;
}

TEST(FinRegion, GrowsByAFractionOfTheLongerSide) {
  EXPECT_EQ(fin_region(box(100, 100, 200, 150), 0.15, 1000, 800), (PixelRect{85, 85, 130, 80}));
}

TEST(FinRegion, RoundsOutwards) {
  EXPECT_EQ(fin_region(box(10.5f, 20.2f, 30.1f, 40.9f), 0, 100, 100), (PixelRect{10, 20, 21, 21}));
}

TEST(FinRegion, IsClippedToThePhoto) {
  EXPECT_EQ(fin_region(box(-20, -5, 50, 60), 0.5, 80, 70), (PixelRect{0, 0, 80, 70}));
  EXPECT_EQ(fin_region(box(-5e9f, -5e9f, 5e9f, 5e9f), 1, 80, 70), (PixelRect{0, 0, 80, 70}));
}

TEST(FinRegion, IsNeverEmpty) {
  EXPECT_EQ(fin_region(box(99.9f, 99.9f, 99.95f, 99.95f), 0, 100, 100), (PixelRect{99, 99, 1, 1}));
  EXPECT_EQ(fin_region(box(-9, -9, 0.01f, 0.01f), 0, 100, 100), (PixelRect{0, 0, 1, 1}));
}

TEST(FinRegion, RefusesBoxesOutsideThePhoto) {
  EXPECT_THROW(fin_region(box(100, 0, 120, 20), 0.15, 100, 100), Error);
  EXPECT_THROW(fin_region(box(0, -20, 20, 0), 0.15, 100, 100), Error);
  EXPECT_THROW(fin_region(box(30, 30, 30, 40), 0.15, 100, 100), Error);
  EXPECT_THROW(fin_region(box(0, 0, std::numeric_limits<float>::quiet_NaN(), 9), 0.15, 9, 9),
               Error);
  EXPECT_THROW(fin_region(box(0, 0, 9, 9), -0.1, 100, 100), Error);
}

/// A white pixel at a known place of the photo is found there again through the crop.
TEST(MakeCrop, TransformsBackToThePhoto) {
  const PixelRect region{400, 300, 200, 160};
  Picture pixels;
  pixels.bgr = cv::Mat(160, 200, CV_8UC3, cv::Scalar::all(0));
  pixels.bgr(cv::Rect(120, 80, 8, 8)).setTo(cv::Scalar::all(255));  // photo (520..528, 380..388)
  const Crop crop = make_crop(pixels, region, 50);
  ASSERT_EQ(crop.bgr.size(), cv::Size(50, 40));
  EXPECT_DOUBLE_EQ(crop.photo_px_per_crop_px, 4);
  EXPECT_EQ(crop.bgr.at<cv::Vec3b>(20, 30), cv::Vec3b(255, 255, 255));
  EXPECT_DOUBLE_EQ(crop.left_px + 30 * crop.photo_px_per_crop_px, 520);
  EXPECT_DOUBLE_EQ(crop.top_px + 20 * crop.photo_px_per_crop_px, 380);
}

TEST(MakeCrop, ReachesTheFarCornerOfTheRegionWithinHalfAPixel) {
  for (const PixelRect region : {PixelRect{7, 9, 331, 127}, PixelRect{0, 0, 101, 997}}) {
    Picture pixels;
    pixels.bgr = cv::Mat(region.height_px, region.width_px, CV_8UC3, cv::Scalar::all(5));
    const Crop crop = make_crop(pixels, region, 64);
    const double tolerance_px = 0.5 * crop.photo_px_per_crop_px;
    EXPECT_EQ(std::max(crop.bgr.cols, crop.bgr.rows), 64);
    EXPECT_NEAR(crop.bgr.cols * crop.photo_px_per_crop_px, region.width_px, tolerance_px);
    EXPECT_NEAR(crop.bgr.rows * crop.photo_px_per_crop_px, region.height_px, tolerance_px);
  }
}

TEST(MakeCrop, NeverEnlargesAndKeepsAlpha) {
  Picture pixels;
  pixels.bgr = cv::Mat(20, 30, CV_8UC3, cv::Scalar::all(5));
  pixels.alpha = cv::Mat(20, 30, CV_8UC1, cv::Scalar(77));
  const Crop crop = make_crop(pixels, {1, 2, 30, 20}, 512);
  EXPECT_EQ(crop.bgr.size(), cv::Size(30, 20));
  EXPECT_EQ(crop.alpha.at<uchar>(10, 10), 77);
  EXPECT_DOUBLE_EQ(crop.photo_px_per_crop_px, 1);
}

TEST(MakeCrop, AcceptsReducedPixels) {
  Picture pixels;
  pixels.bgr = cv::Mat(51, 101, CV_8UC3, cv::Scalar::all(5));
  pixels.scale = 0.25;
  const Crop crop = make_crop(pixels, {0, 0, 403, 201}, 512);
  EXPECT_NEAR(crop.photo_px_per_crop_px, 4, 0.02);
}

TEST(MakeCrop, RefusesPixelsOfAnotherShape) {
  Picture pixels;
  pixels.bgr = cv::Mat(50, 50, CV_8UC3);
  EXPECT_THROW(make_crop(pixels, {0, 0, 100, 50}, 64), Error);
  EXPECT_THROW(make_crop(Picture(), {0, 0, 100, 50}, 64), Error);
  EXPECT_THROW(make_crop(pixels, {0, 0, 50, 50}, 0), Error);
}

TEST(WholePictureCrop, CountsFullPhotoPixels) {
  Picture picture;
  picture.bgr = cv::Mat(50, 60, CV_8UC3, cv::Scalar::all(5));
  picture.scale = 0.5;
  const Crop crop = whole_picture_crop(picture);
  EXPECT_EQ(crop.bgr.data, picture.bgr.data);
  EXPECT_DOUBLE_EQ(crop.photo_px_per_crop_px, 2);
  EXPECT_DOUBLE_EQ(crop.left_px, 0);
}

}  // namespace
}  // namespace finview
