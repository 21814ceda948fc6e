#include "finview/outline/enhance.h"

#include "finview/base/error.h"
#include "finview/outline/rendered_fin_testing.h"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

double deviation_in(const cv::Mat& gray, const cv::Mat& mask) {
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(gray, mean, deviation, mask);
  return deviation[0];
}

TEST(Enhance, LeavesNothingOfTheSea) {
  const RenderedFin fin = render_fin({200, 190}, 2);
  for (const std::string& name : enhancement_names()) {
    const cv::Mat enhanced = enhance(fin.bgr, fin.mask, name);
    EXPECT_EQ(enhanced.type(), CV_8UC1) << name;
    EXPECT_EQ(cv::countNonZero((enhanced != 255) & (fin.mask == 0)), 0) << name;
  }
}

TEST(Enhance, RaisesContrastOrSmoothsAsItsNameSays) {
  const RenderedFin fin = render_fin({200, 190}, 2);
  cv::Mat inner;
  cv::erode(fin.mask, inner, cv::Mat::ones(15, 15, CV_8U));
  const double plain = deviation_in(enhance(fin.bgr, fin.mask, "none"), inner);
  EXPECT_GT(deviation_in(enhance(fin.bgr, fin.mask, "clahe"), inner), 1.5 * plain);
  EXPECT_GT(deviation_in(enhance(fin.bgr, fin.mask, "stretch"), inner), 2 * plain);
  EXPECT_LT(deviation_in(enhance(fin.bgr, fin.mask, "bilateral"), inner), 0.8 * plain);
}

TEST(Enhance, TakesTheWholePictureWithoutAFin) {
  const RenderedFin fin = render_fin({80, 70}, 2);
  cv::Mat gray;
  cv::cvtColor(fin.bgr, gray, cv::COLOR_BGR2GRAY);
  EXPECT_EQ(cv::norm(enhance(fin.bgr, {}, "none"), gray), 0);
  EXPECT_EQ(cv::norm(enhance(fin.bgr, cv::Mat::zeros(gray.size(), CV_8UC1), "none"), gray), 0);
  EXPECT_THROW(enhance(fin.bgr, {}, "sharpen"), Error);
}

TEST(StretchContrast, MapsTheTwoLevelsToBlackAndWhite) {
  cv::Mat gray(1, 101, CV_8UC1);
  for (int i = 0; i <= 100; ++i) gray.at<uchar>(i) = static_cast<uchar>(50 + i);
  const cv::Mat stretched = stretch_contrast(gray, {}, 0.1, 0.9);
  EXPECT_EQ(stretched.at<uchar>(0), 0);
  EXPECT_EQ(stretched.at<uchar>(100), 255);
  EXPECT_NEAR(stretched.at<uchar>(50), 128, 3);
}

}  // namespace
}  // namespace finview
