#include "finview/outline/fourier.h"

#include "finview/outline/contour.h"
#include "finview/outline/rendered_fin_testing.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

using Complex = std::complex<double>;

TEST(FourierTransform, EqualsTheSumItStandsFor) {
  std::mt19937 random(5);
  std::normal_distribution<double> normal;
  for (const int n : {1, 2, 7, 31, 60}) {
    std::vector<cv::Point2d> points(n);
    for (cv::Point2d& point : points) point = {normal(random), normal(random)};
    const std::vector<Complex> values = fourier_transform(points);
    for (int k = 0; k < n; ++k) {
      Complex sum = 0;
      for (int m = 0; m < n; ++m) {
        sum += Complex(points[m].x, points[m].y) * std::polar(1.0, -2 * CV_PI * k * m / n);
      }
      EXPECT_NEAR(std::abs(values[k] - sum), 0, 1e-10);
    }
    const std::vector<cv::Point2d> back = inverse_fourier_transform(values);
    for (int m = 0; m < n; ++m) EXPECT_NEAR(cv::norm(back[m] - points[m]), 0, 1e-12);
  }
  EXPECT_TRUE(fourier_transform({}).empty());
}

std::vector<cv::Point2f> regular_polygon(int num_corners) {
  std::vector<cv::Point2f> corners;
  for (int i = 0; i < num_corners; ++i) {
    const double angle = 2 * CV_PI * i / num_corners;
    corners.emplace_back(50 + 40 * std::cos(angle), 60 + 40 * std::sin(angle));
  }
  return corners;
}

/// A regular n-gon has c[k] proportional to 1 / k^2 for k = 1 + a multiple of n, else 0.
TEST(FourierDescriptor, IsThatOfRegularPolygons) {
  for (const int corners : {3, 4}) {
    const std::vector<Complex> descriptor = fourier_descriptor(regular_polygon(corners), 6);
    ASSERT_EQ(descriptor.size(), 12u);
    for (int k = -6; k <= 6; ++k) {
      if (k == 0) continue;
      const Complex value = k > 0 ? descriptor[k - 1] : descriptor[6 - k - 1];
      const bool present = ((k - 1) % corners + corners) % corners == 0;
      EXPECT_NEAR(std::abs(value), present ? 1.0 / (k * k) : 0.0, 2e-3) << corners << " " << k;
    }
  }
}

std::vector<cv::Point2f> moved(const std::vector<cv::Point2f>& polygon,
                               double angle,
                               double scale,
                               std::size_t start) {
  std::vector<cv::Point2f> result;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const cv::Point2f p = polygon[(i + start) % polygon.size()];
    result.emplace_back(scale * (std::cos(angle) * p.x - std::sin(angle) * p.y) + 70,
                        scale * (std::sin(angle) * p.x + std::cos(angle) * p.y) - 30);
  }
  return result;
}

double distance(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::norm(a[i] - b[i]);
  return std::sqrt(sum);
}

TEST(FourierDescriptor, IgnoresPlaceSizeRotationAndStart) {
  const std::vector<cv::Point2f> outline =
      resample_closed(trace_contour(render_fin({300, 280}, 1).mask), 2000);
  const std::vector<Complex> descriptor = fourier_descriptor(outline, 10);
  ASSERT_EQ(descriptor.size(), 20u);
  EXPECT_NEAR(std::abs(descriptor[0] - 1.0), 0, 1e-12);
  for (const double angle : {0.3, 1.7, 3.1, 5.0}) {
    for (const double scale : {0.2, 3.0}) {
      const std::size_t start = static_cast<std::size_t>(angle * 300);
      EXPECT_LT(distance(fourier_descriptor(moved(outline, angle, scale, start), 10), descriptor),
                3e-3);
    }
  }
  std::vector<cv::Point2f> reversed = outline;
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_LT(distance(fourier_descriptor(reversed, 10), descriptor), 3e-3);
}

TEST(FourierDescriptor, TellsShapesApart) {
  const std::vector<cv::Point2f> fin = trace_contour(render_fin({300, 280}, 1).mask);
  std::vector<cv::Point2f> stretched = fin;
  for (cv::Point2f& point : stretched) point.x *= 1.1f;
  EXPECT_GT(distance(fourier_descriptor(fin, 10), fourier_descriptor(stretched, 10)), 0.02);
}

TEST(FourierDescriptor, IsEmptyWithoutArea) {
  EXPECT_TRUE(fourier_descriptor({}, 10).empty());
  EXPECT_TRUE(fourier_descriptor({{1, 1}}, 10).empty());
  EXPECT_TRUE(fourier_descriptor({{1, 1}, {5, 5}}, 10).empty());
}

TEST(DrawFourierDescriptor, ShowsTheShapeItKeeps) {
  const cv::Mat drawn = draw_fourier_descriptor(fourier_descriptor(regular_polygon(60), 10), 101);
  cv::Mat circle = cv::Mat::zeros(drawn.size(), CV_8UC1);
  cv::circle(circle, {50, 50}, 45, cv::Scalar(255), 3);
  EXPECT_GT(cv::countNonZero(drawn), 200);
  EXPECT_EQ(cv::countNonZero(drawn & ~circle), 0);
  EXPECT_EQ(cv::countNonZero(draw_fourier_descriptor({}, 101)), 0);
}

}  // namespace
}  // namespace finview
