#include "finview/outline/contour.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

TEST(TraceContour, MeasuresADisc) {
  cv::Mat mask = cv::Mat::zeros(120, 140, CV_8UC1);
  for (int y = 0; y < mask.rows; ++y) {
    for (int x = 0; x < mask.cols; ++x) {
      if (std::hypot(x + 0.5 - 70, y + 0.5 - 60) < 45) mask.at<uchar>(y, x) = 255;
    }
  }
  const std::vector<cv::Point2f> contour = trace_contour(mask);
  EXPECT_NEAR(perimeter(contour), 2 * CV_PI * 45, 0.01 * 2 * CV_PI * 45);
  EXPECT_NEAR(cv::contourArea(contour), CV_PI * 45 * 45, 0.01 * CV_PI * 45 * 45);
  for (const cv::Point2f& point : contour) {
    EXPECT_NEAR(std::hypot(point.x - 70, point.y - 60), 45, 0.6);
  }
}

TEST(TraceContour, RunsClockwiseOnePixelApart) {
  cv::Mat mask = cv::Mat::zeros(60, 60, CV_8UC1);
  mask(cv::Rect(10, 20, 30, 25)) = cv::Scalar(255);
  const std::vector<cv::Point2f> contour = trace_contour(mask);
  EXPECT_GT(cv::contourArea(contour, true), 0);  // positive: clockwise where y grows down
  for (std::size_t i = 1; i < contour.size(); ++i) {
    EXPECT_NEAR(cv::norm(contour[i] - contour[i - 1]), 1, 0.06);
  }
  const auto [left, right] = std::minmax_element(
      contour.begin(), contour.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
  EXPECT_NEAR(left->x, 10, 0.05);
  EXPECT_NEAR(right->x, 40, 0.05);
}

TEST(TraceContour, TakesTheLargestRegion) {
  cv::Mat mask = cv::Mat::zeros(60, 60, CV_8UC1);
  mask(cv::Rect(2, 2, 8, 8)) = cv::Scalar(255);
  mask(cv::Rect(30, 30, 20, 20)) = cv::Scalar(255);
  EXPECT_NEAR(cv::contourArea(trace_contour(mask)), 400, 12);
}

TEST(TraceContour, IsEmptyWhereThereIsNoRegion) {
  EXPECT_TRUE(trace_contour(cv::Mat::zeros(9, 9, CV_8UC1)).empty());
  cv::Mat dot = cv::Mat::zeros(9, 9, CV_8UC1);
  dot.at<uchar>(4, 4) = 255;
  EXPECT_TRUE(trace_contour(dot).empty());
}

TEST(FillPolygon, TakesThePixelsWhoseCentersLieInside) {
  const cv::Mat square = fill_polygon({{2, 3}, {10, 3}, {10, 8}, {2, 8}}, {20, 20});
  EXPECT_EQ(cv::countNonZero(square), 8 * 5);
  EXPECT_EQ(cv::boundingRect(square), cv::Rect(2, 3, 8, 5));
  const cv::Mat half_a_pixel_more =
      fill_polygon({{1.4F, 3}, {10, 3}, {10, 8}, {1.4F, 8}}, {20, 20});
  EXPECT_EQ(cv::countNonZero(half_a_pixel_more), 9 * 5);
  const cv::Mat beyond = fill_polygon({{-50, -50}, {60, -50}, {60, 60}, {-50, 60}}, {20, 20});
  EXPECT_EQ(cv::countNonZero(beyond), 400);
  EXPECT_EQ(cv::countNonZero(fill_polygon({}, {5, 5})), 0);
  // The middle of a pentagram is outside by the even-odd rule.
  std::vector<cv::Point2f> star;
  for (int i = 0; i < 5; ++i) {
    const double angle = 4 * CV_PI * i / 5;
    star.emplace_back(50 + 40 * std::sin(angle), 50 - 40 * std::cos(angle));
  }
  EXPECT_EQ(fill_polygon(star, {100, 100}).at<uchar>(50, 50), 0);
}

TEST(ResampleClosed, PutsPointsAtEqualDistances) {
  const std::vector<cv::Point2f> square{{0, 0}, {4, 0}, {4, 4}, {0, 4}};
  const std::vector<cv::Point2f> points = resample_closed(square, 8);
  const std::vector<cv::Point2f> expected{
      {0, 0}, {2, 0}, {4, 0}, {4, 2}, {4, 4}, {2, 4}, {0, 4}, {0, 2}};
  ASSERT_EQ(points.size(), expected.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_NEAR(cv::norm(points[i] - expected[i]), 0, 1e-6);
  }
}

TEST(ResampleClosed, SkipsRepeatedPoints) {
  const std::vector<cv::Point2f> points = resample_closed({{0, 0}, {0, 0}, {4, 0}, {4, 0}}, 4);
  ASSERT_EQ(points.size(), 4u);
  EXPECT_NEAR(points[1].x, 2, 1e-6);
  EXPECT_NEAR(points[3].x, 2, 1e-6);
  EXPECT_TRUE(resample_closed({{1, 1}, {1, 1}}, 4).empty());
  EXPECT_TRUE(resample_closed({}, 4).empty());
}

}  // namespace
}  // namespace finview
