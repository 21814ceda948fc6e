#include "finview/pipeline/rendered_truth.h"

#include <cmath>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::internal {
namespace {

/// A fin whose trailing edge runs straight down at the right, cut 12 px deep at its middle.
synthetic::RenderedFin square_fin(double cut_px) {
  synthetic::RenderedFin fin;
  fin.pose.side = synthetic::Side::kLeft;
  fin.pose.yaw_rad = -0.5;
  fin.outline = {{20, 220}, {120, 20}};
  fin.tip_index = 1;
  for (int i = 1; i <= 200; ++i) {
    const double away = std::abs(i - 100) / 10.0;  // 10 px to either side
    const double depth = away < 1 ? cut_px * (1 - away) : 0;
    fin.outline.emplace_back(static_cast<float>(120 - depth), static_cast<float>(20 + i));
  }
  return fin;
}

cv::Mat mask_of(const synthetic::RenderedFin& fin) {
  cv::Mat mask = cv::Mat::zeros(240, 200, CV_8UC1);
  const std::vector<cv::Point> polygon(fin.outline.begin(), fin.outline.end());
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{polygon}, cv::Scalar(255));
  return mask;
}

TEST(RenderedTruth, FindsTheNotchWhereItWasCut) {
  synthetic::Genotype genotype;
  genotype.notches = {{.5, .1, .06, .5, synthetic::NotchShape::kSharp},
                      {.8, .05, -.02, .5, synthetic::NotchShape::kSharp}};  // a spur
  const synthetic::RenderedFin fin = square_fin(12);
  const RenderedTruth truth = rendered_truth(fin, genotype, mask_of(fin));
  EXPECT_EQ(truth.side, FinSide::kRight);
  EXPECT_NEAR(truth.turned_deg, 28.6, 0.1);
  ASSERT_EQ(truth.notches.size(), 1U);
  EXPECT_LT(cv::norm(truth.notches[0].deepest - cv::Point2f(108, 120)), 2);
  EXPECT_NEAR(truth.notches[0].depth, 12 / 200.0, 0.01);
  EXPECT_LT(cv::norm(truth.notches[0].along - cv::Point2f(0, 1)), 0.05);
  EXPECT_TRUE(truth.notches[0].is_seen);
}

TEST(RenderedTruth, SaysThatAHiddenNotchIsNotSeen) {
  synthetic::Genotype genotype;
  genotype.notches = {{.5, .1, .06, .5, synthetic::NotchShape::kSharp}};
  const synthetic::RenderedFin fin = square_fin(12);
  cv::Mat hidden = mask_of(fin);
  hidden.colRange(90, 200) = cv::Scalar(0);
  for (const cv::Mat& mask : {hidden, mask_of(square_fin(0))}) {  // or filled by the fin's breadth
    const RenderedTruth truth = rendered_truth(fin, genotype, mask);
    ASSERT_EQ(truth.notches.size(), 1U);
    EXPECT_FALSE(truth.notches[0].is_seen);
  }
}

}  // namespace
}  // namespace finview::internal
