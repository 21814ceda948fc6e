#include "finview/photo/perceptual_hash.h"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

/// Sea with a horizon and a dark triangle; `seed` draws the waves.
cv::Mat sea(int seed, cv::Point fin, int horizon_y) {
  cv::Mat picture(300, 450, CV_8UC3, cv::Scalar(200, 190, 180));
  picture.rowRange(horizon_y, 300).setTo(cv::Scalar(120, 90, 50));
  cv::Mat waves(picture.size(), CV_8UC3);
  cv::RNG(static_cast<std::uint64_t>(seed)).fill(waves, cv::RNG::UNIFORM, 0, 40);
  picture += waves;
  const std::vector<cv::Point> triangle{fin, fin + cv::Point(90, 0), fin + cv::Point(60, -80)};
  cv::fillConvexPoly(picture, triangle, cv::Scalar(30, 30, 30));
  return picture;
}

TEST(PerceptualHash, SurvivesShrinkingRecompressionAndMirroring) {
  const cv::Mat picture = sea(1, {120, 220}, 80);
  const PictureSketch original = sketch_picture(picture);
  cv::Mat small;
  cv::resize(picture, small, {}, 0.4, 0.4, cv::INTER_AREA);
  std::vector<std::uint8_t> bytes;
  cv::imencode(".jpg", small, bytes, {cv::IMWRITE_JPEG_QUALITY, 40});
  const cv::Mat again = cv::imdecode(bytes, cv::IMREAD_COLOR);
  EXPECT_TRUE(nearly_same(original, sketch_picture(again)));
  cv::Mat mirrored;
  cv::flip(again, mirrored, 1);
  EXPECT_TRUE(nearly_same(original, sketch_picture(mirrored)));
  cv::Mat turned;
  cv::flip(again, turned, 0);
  EXPECT_FALSE(nearly_same(original, sketch_picture(turned)));
}

TEST(PerceptualHash, TellsOtherPhotosOfTheSameSeaApart) {
  const PictureSketch one = sketch_picture(sea(1, {60, 200}, 80));
  EXPECT_FALSE(nearly_same(one, sketch_picture(sea(1, {150, 280}, 80))));
  EXPECT_FALSE(nearly_same(one, sketch_picture(sea(2, {60, 200}, 150))));
}

TEST(PerceptualHash, FlatPicturesAreNotTheSameAsAnything) {
  const PictureSketch flat = sketch_picture(cv::Mat(50, 50, CV_8UC3, cv::Scalar(7, 7, 7)));
  EXPECT_FALSE(nearly_same(flat, flat));
  EXPECT_FALSE(nearly_same(flat, sketch_picture(sea(1, {60, 200}, 80))));
}

}  // namespace
}  // namespace finview
