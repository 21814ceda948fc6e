#include "finview/outline/seed_features.h"

#include "finview/base/csv.h"
#include "finview/crop/resize_and_pad.h"

#include <cstdlib>
#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

cv::Mat rectangle_picture(int alpha_inside, int alpha_outside) {
  cv::Mat picture(64, 64, CV_8UC4, cv::Scalar(90, 100, 110, alpha_outside));
  picture(cv::Rect(16, 20, 30, 24)) = cv::Scalar(40, 40, 40, alpha_inside);
  return picture;
}

TEST(SeedFeatures, CleanMaskAndOutlineARectangle) {
  const SeedFeatures features = seed_features(rectangle_picture(255, 0));
  EXPECT_EQ(features.cleaned.at<cv::Vec3b>(5, 5), cv::Vec3b(255, 255, 255));
  EXPECT_EQ(features.cleaned.at<cv::Vec3b>(30, 30), cv::Vec3b(40, 40, 40));
  EXPECT_EQ(cv::countNonZero(features.mask), 30 * 24);
  cv::Rect drawn = cv::boundingRect(features.outline);
  EXPECT_NEAR(drawn.width, 30, 2);
  EXPECT_NEAR(drawn.height, 24, 2);
  EXPECT_EQ(cv::countNonZero((features.outline == 255) & (features.enhanced != 0)), 0);
}

TEST(SeedFeatures, LeaveHalfTransparentPixelsAsTheyAre) {
  const SeedFeatures features = seed_features(rectangle_picture(255, 150));
  EXPECT_EQ(features.cleaned.at<cv::Vec3b>(5, 5), cv::Vec3b(90, 100, 110));
  EXPECT_EQ(features.mask.at<uchar>(5, 5), 0);
}

TEST(SeedFeatures, HaveNoDescriptorWithoutAnOutline) {
  for (const int alpha : {0, 255}) {
    const SeedFeatures features = seed_features(rectangle_picture(alpha, alpha));
    EXPECT_TRUE(features.descriptor.empty());
    EXPECT_EQ(cv::countNonZero(features.outline), 0);
    EXPECT_EQ(cv::countNonZero(features.mask), alpha == 0 ? 0 : 64 * 64);
  }
}

std::optional<std::filesystem::path> reference_folder() {
  const char* shared = std::getenv("FINVIEW_SHARED_DATA");
  if (shared == nullptr) return std::nullopt;
  return std::filesystem::path(shared) / "reference" / "feature_extract";
}

int num_different(const cv::Mat& picture, const std::filesystem::path& expected_file) {
  const cv::Mat expected = cv::imread(expected_file.string(), cv::IMREAD_UNCHANGED);
  EXPECT_EQ(expected.size(), picture.size()) << expected_file;
  EXPECT_EQ(expected.type(), picture.type()) << expected_file;
  if (expected.size() != picture.size() || expected.type() != picture.type()) return -1;
  cv::Mat difference;
  cv::absdiff(expected, picture, difference);
  return cv::countNonZero(difference.reshape(1));
}

void expect_descriptor(const std::vector<std::complex<double>>& descriptor,
                       const std::filesystem::path& expected_file) {
  const CsvTable expected = read_csv(expected_file);
  ASSERT_EQ(descriptor.size(), expected.rows.size()) << expected_file;
  for (std::size_t i = 0; i < descriptor.size(); ++i) {
    const std::complex<double> value(std::stod(expected.rows[i][0]),
                                     std::stod(expected.rows[i][1]));
    EXPECT_LT(std::abs(descriptor[i] - value), 1e-6 * std::abs(value)) << expected_file;
  }
}

/// Evaluation against what the first FinView's own function returned.
TEST(SeedFeatures, EqualTheFirstFinViewsPixelForPixel) {
  const auto folder = reference_folder();
  if (!folder) GTEST_SKIP() << "FINVIEW_SHARED_DATA does not name the folder of reference data";
  for (int input = 0; input < 6; ++input) {
    const cv::Mat picture =
        cv::imread((*folder / fmt::format("in{}.png", input)).string(), cv::IMREAD_UNCHANGED);
    for (const int size_px : {96, 256}) {
      const SeedFeatures features =
          seed_features(resize_and_pad(picture, size_px, cv::Scalar(255, 255, 255)));
      const auto file = [&](const char* part) {
        return *folder / fmt::format("out{}_{}_{}", input, size_px, part);
      };
      EXPECT_EQ(num_different(features.cleaned, file("rsz.png")), 0);
      EXPECT_EQ(num_different(features.enhanced, file("ftr.png")), 0);
      EXPECT_EQ(num_different(features.mask, file("mask.png")), 0);
      EXPECT_EQ(num_different(features.outline, file("cntr.png")), 0);
      // Where rounding noise of its transform decided, see draw_points in seed_features.cc.
      EXPECT_LE(num_different(features.fourier, file("fdsc.png")), 40);
      expect_descriptor(features.descriptor, file("fd.csv"));
    }
  }
}

TEST(ResizeAndPad, EqualsTheFirstFinViewsPixelForPixel) {
  const auto folder = reference_folder();
  if (!folder) GTEST_SKIP() << "FINVIEW_SHARED_DATA does not name the folder of reference data";
  for (int input = 0; input < 8; ++input) {
    const cv::Mat picture =
        cv::imread((*folder / fmt::format("in{}.png", input)).string(), cv::IMREAD_COLOR);
    EXPECT_EQ(num_different(resize_and_pad(picture, 128, cv::Scalar(255, 255, 255)),
                            *folder / fmt::format("out{}_pad128.png", input)),
              0);
  }
}

}  // namespace
}  // namespace finview
