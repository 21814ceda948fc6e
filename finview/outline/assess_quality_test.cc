#include "finview/outline/assess_quality.h"

#include "finview/outline/find_outline.h"
#include "finview/outline/rendered_fin_testing.h"

#include <cmath>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

FinQuality quality_of(const cv::Mat& bgr, const cv::Mat& mask, double photo_px_per_crop_px = 1) {
  Crop crop;
  crop.bgr = bgr;
  crop.photo_px_per_crop_px = photo_px_per_crop_px;
  return assess_quality(crop, outline_of_mask(mask, MaskSource::kByHand, 1));
}

/// A straight-sided fin in two flat colors, blurred by a known Gaussian.
RenderedFin flat_fin(int size_px, double blur_px, int fin_level, int sea_level) {
  RenderedFin fin;
  fin.mask = cv::Mat::zeros(size_px, size_px, CV_8UC1);
  const auto at = [size_px](double x, double y) {
    return cv::Point(cvRound(x * size_px), cvRound(y * size_px));
  };
  const std::vector<cv::Point> corners{at(.15, .95), at(.55, .1), at(.9, .95)};
  cv::fillPoly(fin.mask, std::vector<std::vector<cv::Point>>{corners}, cv::Scalar(255));
  fin.bgr = cv::Mat(size_px, size_px, CV_8UC3, cv::Scalar::all(sea_level));
  fin.bgr.setTo(cv::Scalar::all(fin_level), fin.mask);
  if (blur_px > 0) cv::GaussianBlur(fin.bgr, fin.bgr, {}, blur_px);
  return fin;
}

TEST(AssessQuality, MeasuresTheBlurThatWasPutIn) {
  for (const double blur_px : {1.5, 3.0, 6.0}) {
    const RenderedFin fin = flat_fin(400, blur_px, 70, 170);
    const FinQuality quality = quality_of(fin.bgr, fin.mask);
    EXPECT_NEAR(quality.blur * quality.height_px, blur_px, 0.25 * blur_px);
  }
}

TEST(AssessQuality, GradesSharpPhotosAboveBlurredOnes) {
  const RenderedFin fin = render_fin({400, 380}, 3);
  double before = 2;
  for (const double blur_px : {0.6, 2.5, 5.0, 10.0}) {
    cv::Mat blurred;
    cv::GaussianBlur(fin.bgr, blurred, {}, blur_px);
    const FinQuality quality = quality_of(blurred, fin.mask);
    EXPECT_LT(quality.sharpness, before) << blur_px;
    before = quality.sharpness;
  }
  EXPECT_LT(before, 0.2);
  EXPECT_EQ(quality_class(quality_of(fin.bgr, fin.mask)), QualityClass::kExcellent);
}

TEST(AssessQuality, CountsThePixelsOfThePhoto) {
  const RenderedFin fin = render_fin({120, 110}, 3);
  const FinQuality as_is = quality_of(fin.bgr, fin.mask);
  const FinQuality shrunk_before = quality_of(fin.bgr, fin.mask, 3);
  EXPECT_NEAR(shrunk_before.height_px, 3 * as_is.height_px, 1e-9);
  EXPECT_GT(shrunk_before.size, as_is.size);
}

TEST(AssessQuality, SeesSilhouettesAndOverexposure) {
  const RenderedFin black = flat_fin(300, 1, 6, 150);
  const RenderedFin white = flat_fin(300, 1, 253, 200);
  const RenderedFin fair = render_fin({300, 300}, 4);
  EXPECT_GT(quality_of(black.bgr, black.mask).black_share, 0.9);
  EXPECT_GT(quality_of(white.bgr, white.mask).white_share, 0.9);
  EXPECT_LT(quality_of(fair.bgr, fair.mask).black_share, 0.05);
  for (const RenderedFin& fin : {black, white}) {
    EXPECT_NEAR(quality_of(fin.bgr, fin.mask).exposure, 0.3, 0.05);
  }
  EXPECT_GT(quality_of(fair.bgr, fair.mask).exposure, 0.9);
}

TEST(AssessQuality, SeesGlareOnTheSkin) {
  RenderedFin fin = render_fin({300, 300}, 4);
  const double before = quality_of(fin.bgr, fin.mask).glare;
  cv::circle(fin.bgr, {150, 200}, 45, cv::Scalar::all(250), cv::FILLED);
  EXPECT_EQ(before, 1);
  EXPECT_LT(quality_of(fin.bgr, fin.mask).glare, 0.8);
}

TEST(AssessQuality, SeesSprayOnTheBorder) {
  RenderedFin fin = render_fin({300, 300}, 4);
  EXPECT_EQ(quality_of(fin.bgr, fin.mask).water, 1);
  cv::Mat spray(fin.bgr.size(), CV_8UC3);
  cv::RNG random(5);
  random.fill(spray, cv::RNG::UNIFORM, 170, 255);
  cv::Mat outside = 255 - fin.mask;
  outside.rowRange(0, 150) = cv::Scalar(0);
  spray.copyTo(fin.bgr, outside);
  EXPECT_LT(quality_of(fin.bgr, fin.mask).water, 0.7);
}

TEST(AssessQuality, GuessesHowFarAFinIsTurned) {
  const RenderedFin fin = flat_fin(400, 1, 70, 170);
  double before = -1;
  for (const double turned_deg : {0.0, 40.0, 60.0, 75.0}) {
    const cv::Size narrow(cvRound(400 * std::cos(turned_deg * CV_PI / 180)), 400);
    cv::Mat bgr;
    cv::Mat mask;
    cv::resize(fin.bgr, bgr, narrow, 0, 0, cv::INTER_AREA);
    cv::resize(fin.mask, mask, narrow, 0, 0, cv::INTER_NEAREST);
    const FinQuality quality = quality_of(bgr, mask);
    EXPECT_GT(quality.turned_deg, before);
    before = quality.turned_deg;
  }
  EXPECT_NEAR(before, 75, 8);
}

TEST(AssessQuality, IsNothingWithoutAFin) {
  const cv::Mat bgr(40, 40, CV_8UC3, cv::Scalar::all(90));
  EXPECT_EQ(quality_of(bgr, cv::Mat::zeros(40, 40, CV_8UC1)).overall, 0);
  EXPECT_EQ(quality_class(FinQuality{}), QualityClass::kPoor);
}

}  // namespace
}  // namespace finview
