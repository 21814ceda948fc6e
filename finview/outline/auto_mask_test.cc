#include "finview/outline/auto_mask.h"

#include "finview/outline/rendered_fin_testing.h"

#include <thread>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

TEST(AutoMask, FindsRenderedFinsOfEverySize) {
  std::uint64_t seed = 1;
  for (const cv::Size size : {cv::Size(640, 520), cv::Size(300, 330), cv::Size(90, 80)}) {
    const RenderedFin fin = render_fin(size, ++seed);
    const std::optional<AutoMask> found = auto_mask(fin.bgr);
    ASSERT_TRUE(found.has_value()) << size;
    EXPECT_EQ(found->mask.size(), size);
    EXPECT_GT(overlap(found->mask, fin.mask), 0.95) << size;
    EXPECT_GT(found->confidence, 0.7) << size;
  }
}

TEST(AutoMask, FindsMirroredAndBrightFins) {
  RenderedFin fin = render_fin({400, 360}, 9);
  cv::flip(fin.bgr, fin.bgr, 1);
  cv::flip(fin.mask, fin.mask, 1);
  fin.bgr = 255 - fin.bgr;
  const std::optional<AutoMask> found = auto_mask(fin.bgr);
  ASSERT_TRUE(found.has_value());
  EXPECT_GT(overlap(found->mask, fin.mask), 0.95);
}

TEST(AutoMask, IsTheSameEveryTimeAndOnEveryThread) {
  const RenderedFin fin = render_fin({320, 300}, 4);
  const cv::Mat first = auto_mask(fin.bgr)->mask;
  cv::Mat second;
  cv::setRNGSeed(123);
  std::thread([&] { second = auto_mask(fin.bgr)->mask; }).join();
  EXPECT_EQ(cv::countNonZero(first != second), 0);
}

TEST(AutoMask, IsAbsentWhereNothingIsLikeAFin) {
  EXPECT_FALSE(auto_mask(cv::Mat()).has_value());
  EXPECT_FALSE(auto_mask(cv::Mat(2, 2, CV_8UC3, cv::Scalar::all(9))).has_value());
  EXPECT_FALSE(auto_mask(cv::Mat(200, 200, CV_8UC3, cv::Scalar::all(90))).has_value());
  EXPECT_FALSE(auto_mask(cv::Mat(8, 3000, CV_8UC3, cv::Scalar::all(90))).has_value());
}

}  // namespace
}  // namespace finview
