#include "finview/outline/features.h"

#include "finview/base/error.h"
#include "finview/crop/resize_and_pad.h"
#include "finview/outline/find_outline.h"
#include "finview/outline/rendered_fin_testing.h"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

FinFeatures features_of(const Crop& crop, const std::string& preset) {
  FeatureOptions options;
  options.preset = preset;
  options.size_px = 128;
  const FinOutline outline = find_outline(crop);
  const cv::Mat square = resize_and_pad(masked_picture(crop, outline), 128, kFeaturePadding);
  return extract_features(square, outline, options);
}

Crop rendered_crop(bool with_alpha) {
  const RenderedFin fin = render_fin({256, 230}, 6);
  Crop crop;
  crop.bgr = fin.bgr;
  if (with_alpha) crop.alpha = fin.mask;
  return crop;
}

TEST(ExtractFeatures, MakesFivePicturesAndADescriptorWithEitherPreset) {
  for (const bool with_alpha : {true, false}) {
    for (const std::string preset : {"fin", "seed"}) {
      const FinFeatures features = features_of(rendered_crop(with_alpha), preset);
      for (const cv::Mat& picture :
           {features.enhanced, features.mask, features.outline, features.fourier}) {
        EXPECT_EQ(picture.size(), cv::Size(128, 128));
        EXPECT_EQ(picture.type(), CV_8UC1);
        EXPECT_GT(cv::countNonZero(picture), 100);
      }
      EXPECT_EQ(features.cleaned.type(), CV_8UC3);
      EXPECT_EQ(features.cleaned.at<cv::Vec3b>(2, 2), cv::Vec3b(255, 255, 255));
      EXPECT_EQ(features.descriptor.size(), preset == "fin" ? 20u : 10u);
    }
  }
}

TEST(ExtractFeatures, RaisesTheContrastOfTheFinOnly) {
  const FinFeatures features = features_of(rendered_crop(true), "fin");
  cv::Mat gray_deviation;
  cv::Mat deviation;
  cv::Mat mean;
  cv::Mat gray;
  cv::cvtColor(features.cleaned, gray, cv::COLOR_BGR2GRAY);
  cv::Mat inner;
  cv::erode(features.mask, inner, cv::Mat::ones(9, 9, CV_8U));
  cv::meanStdDev(gray, mean, gray_deviation, inner);
  cv::meanStdDev(features.enhanced, mean, deviation, inner);
  EXPECT_GT(deviation.at<double>(0), 1.5 * gray_deviation.at<double>(0));
  EXPECT_EQ(cv::countNonZero((features.enhanced != 255) & (features.mask == 0)), 0);
}

/// The first FinView made nothing but grey of an opaque picture and white of a transparent one.
TEST(ExtractFeatures, HandleWhatHasNoOutline) {
  for (const int alpha : {0, 255}) {
    for (const int side : {1, 2, 40}) {
      Crop crop;
      crop.bgr = cv::Mat(side, side, CV_8UC3, cv::Scalar::all(100));
      crop.alpha = cv::Mat(side, side, CV_8UC1, cv::Scalar(alpha));
      for (const std::string preset : {"fin", "seed"}) {
        const FinFeatures features = features_of(crop, preset);
        EXPECT_TRUE(features.descriptor.empty());
        EXPECT_EQ(cv::countNonZero(features.outline), 0);
        EXPECT_EQ(features.cleaned.at<cv::Vec3b>(64, 64)[0], alpha == 0 ? 255 : 100);
      }
    }
  }
  EXPECT_TRUE(masked_picture(Crop(), FinOutline()).empty());
}

TEST(ExtractFeatures, RefuseWhatIsNotTheSquare) {
  FeatureOptions options;
  EXPECT_THROW(extract_features(cv::Mat(), {}, options), Error);
  EXPECT_THROW(extract_features(cv::Mat(96, 96, CV_8UC4), {}, options), Error);
  options.size_px = 96;
  EXPECT_THROW(extract_features(cv::Mat(96, 96, CV_8UC3), {}, options), Error);
  options.preset = "none";
  EXPECT_THROW(extract_features(cv::Mat(96, 96, CV_8UC4), {}, options), Error);
}

TEST(SeedStatus, SaysWhereTheFirstFinViewGaveUp) {
  EXPECT_EQ(seed_status({420, 300}, true, 8, 96), SeedStatus::kDone);
  EXPECT_EQ(seed_status({420, 300}, false, 8, 96), SeedStatus::kNoAlpha);
  EXPECT_EQ(seed_status({420, 300}, true, 16, 96), SeedStatus::kOtherError);
  EXPECT_EQ(seed_status({1, 1000}, true, 8, 96), SeedStatus::kResizeError);
  EXPECT_EQ(seed_status({0, 0}, true, 8, 96), SeedStatus::kResizeError);
}

TEST(OutcomeLine, NamesMaskAndStatus) {
  FinOutline outline;
  outline.mask_source = MaskSource::kAutomatic;
  outline.mask_confidence = 0.934;
  EXPECT_EQ(outcome_line(outline, SeedStatus::kNoAlpha),
            "mask automatic, confidence 0.93; seed status 1: no alpha");
}

}  // namespace
}  // namespace finview
