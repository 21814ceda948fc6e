#include "finview/outline/mask_regions.h"

#include "finview/outline/contour.h"

#include <cmath>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

/// Probability that falls linearly over two pixels at a circle's border.
cv::Mat soft_disc(const cv::Size& size, const cv::Point2d& center, double radius) {
  cv::Mat probability(size, CV_32FC1);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double away = std::hypot(x + 0.5 - center.x, y + 0.5 - center.y) - radius;
      probability.at<float>(y, x) = static_cast<float>(std::clamp(0.5 - away / 2, 0.0, 1.0));
    }
  }
  return probability;
}

TEST(MaskRegions, KeepsTheLikeliestRegionAndFillsIt) {
  cv::Mat probability = cv::max(soft_disc({120, 100}, {40, 50}, 25), 0);
  probability = cv::max(probability, soft_disc({120, 100}, {100, 50}, 10));
  probability(cv::Rect(38, 48, 4, 4)) = 0.F;
  const cv::Mat region = fin_region_of(probability);
  EXPECT_EQ(region.at<uchar>(50, 40), 255);  // the hole
  EXPECT_EQ(region.at<uchar>(50, 100), 0);   // the smaller disc
  EXPECT_NEAR(cv::countNonZero(region), CV_PI * 25 * 25, 30);
}

TEST(MaskRegions, GivesNoRegionForNothingAndForEverything) {
  EXPECT_EQ(cv::countNonZero(fin_region_of(cv::Mat(50, 50, CV_32FC1, cv::Scalar(0.3)))), 0);
  EXPECT_EQ(cv::countNonZero(fin_region_of(cv::Mat(50, 50, CV_32FC1, cv::Scalar(0.9)))), 0);
  cv::Mat speck = cv::Mat::zeros(50, 50, CV_32FC1);
  speck(cv::Rect(10, 10, 3, 3)) = 1.F;
  EXPECT_EQ(cv::countNonZero(fin_region_of(speck)), 0);
}

TEST(MaskRegions, ExpectsTheOverlapThatProbabilitiesPromise) {
  cv::Mat probability = cv::Mat::zeros(10, 10, CV_32FC1);
  probability(cv::Rect(0, 0, 10, 4)) = 0.9F;
  probability(cv::Rect(0, 4, 10, 2)) = 0.25F;
  const cv::Mat region = probability > 0.5;
  EXPECT_NEAR(expected_overlap(probability, region), 40 * 0.9 / (40 + 20 * 0.25), 1e-6);
}

TEST(MaskRegions, SettlesTheContourBetweenPixels) {
  const cv::Point2d center(50.3, 47.8);
  constexpr double kRadius = 30.35;
  const cv::Mat probability = soft_disc({100, 100}, center, kRadius);
  const std::vector<cv::Point2f> traced = trace_contour(fin_region_of(probability));
  const std::vector<cv::Point2f> settled = settle_contour(traced, probability);
  ASSERT_EQ(settled.size(), traced.size());
  double error = 0;
  double error_before = 0;
  for (std::size_t i = 0; i < settled.size(); ++i) {
    error += std::abs(cv::norm(cv::Point2d(settled[i]) - center) - kRadius);
    error_before += std::abs(cv::norm(cv::Point2d(traced[i]) - center) - kRadius);
  }
  EXPECT_LT(error / settled.size(), 0.04);
  EXPECT_LT(error, 0.5 * error_before);
}

class Doubts : public testing::Test {
 protected:
  static MaskDoubt about(const cv::Mat& fin, const cv::Mat& others, double confidence = 0.9) {
    return doubt_about(fin > 0.5, fin, others, {200, 200}, confidence);
  }
  cv::Mat nothing_ = cv::Mat::zeros(100, 100, CV_32FC1);
  cv::Mat fin_ = soft_disc({100, 100}, {50, 55}, 30);
};

TEST_F(Doubts, AreNoneForAFinAlone) { EXPECT_EQ(about(fin_, nothing_), MaskDoubt::kNone); }

TEST_F(Doubts, NameAnUncertainBorder) {
  EXPECT_EQ(about(fin_, nothing_, 0.3), MaskDoubt::kUncertain);
}

TEST_F(Doubts, NameAFinTheFrameCuts) {
  EXPECT_EQ(about(soft_disc({100, 100}, {50, 20}, 30), nothing_), MaskDoubt::kCutByFrame);
  EXPECT_EQ(about(soft_disc({100, 100}, {20, 55}, 30), nothing_), MaskDoubt::kCutByFrame);
  EXPECT_EQ(about(soft_disc({100, 100}, {50, 80}, 30), nothing_), MaskDoubt::kNone);
}

TEST_F(Doubts, NameAFinThatTouches) {
  EXPECT_EQ(about(fin_, soft_disc({100, 100}, {78, 55}, 20)), MaskDoubt::kSeveralFins);
  EXPECT_EQ(about(fin_, soft_disc({100, 100}, {95, 10}, 6)), MaskDoubt::kNone);
}

TEST_F(Doubts, NameAFinOfFewPixels) {
  EXPECT_EQ(doubt_about(fin_ > 0.5, fin_, nothing_, {20, 20}, 0.9), MaskDoubt::kTooSmall);
}

TEST(MaskRegions, KeepTheirShapeAtAnotherSize) {
  const cv::Mat region = fin_region_of(soft_disc({100, 100}, {40, 50}, 25));
  for (const double scale : {0.6, 2.5}) {
    const cv::Size size(cvRound(100 * scale), cvRound(100 * scale));
    cv::Mat cover;
    cv::Mat mask;
    resize_region(region, size, cover, mask);
    EXPECT_EQ(mask.size(), size);
    EXPECT_NEAR(cv::countNonZero(mask) / (CV_PI * 25 * 25 * scale * scale), 1, 0.02);
    EXPECT_EQ(cv::countNonZero(mask != (cover > 0.5)), 0);
  }
}

}  // namespace
}  // namespace finview
