#include "finview/detection/letterbox.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>

namespace finview {
namespace {

TEST(Letterbox, ShortensTheInputOfWidePhotos) {
  const Letterbox letterbox = fit_letterbox({6000, 4000}, 1, 640, 640, 32);
  EXPECT_EQ(letterbox.content.size(), cv::Size(640, 427));
  EXPECT_EQ(letterbox.input_width_px, 640);
  EXPECT_EQ(letterbox.input_height_px, 448);
  EXPECT_EQ(letterbox.content.y, 10);
}

TEST(Letterbox, KeepsTheAspectOfEveryShape) {
  for (const cv::Size size : {cv::Size(1, 1), {1, 60000}, {60000, 1}, {33, 31}, {500, 2000}}) {
    const Letterbox letterbox = fit_letterbox(size, 1, 640, 416, 32);
    const cv::Rect frame(0, 0, letterbox.input_width_px, letterbox.input_height_px);
    EXPECT_EQ(letterbox.content & frame, letterbox.content) << size;
    EXPECT_EQ(frame.width % 32, 0) << size;
    EXPECT_EQ(frame.height % 32, 0) << size;
    EXPECT_LE(frame.width, 640) << size;
    EXPECT_LE(frame.height, 416) << size;
    EXPECT_GE(letterbox.content.area(), 1) << size;
    const double scale = std::min(640.0 / size.width, 416.0 / size.height);
    EXPECT_NEAR(letterbox.content.width, std::max(1.0, size.width * scale), 0.501) << size;
    EXPECT_NEAR(letterbox.content.height, std::max(1.0, size.height * scale), 0.501) << size;
  }
}

TEST(Letterbox, MapsTheContentOntoTheWholePhoto) {
  // Decoded at half size.
  const Letterbox letterbox = fit_letterbox({1500, 1000}, 0.5, 608, 608, 32);
  const cv::Rect& content = letterbox.content;
  const Detection whole =
      letterbox.photo_box((content.x + content.width / 2.0) / letterbox.input_width_px,
                          (content.y + content.height / 2.0) / letterbox.input_height_px,
                          static_cast<double>(content.width) / letterbox.input_width_px,
                          static_cast<double>(content.height) / letterbox.input_height_px);
  EXPECT_NEAR(whole.left_px, 0, 1e-3);
  EXPECT_NEAR(whole.top_px, 0, 1e-3);
  EXPECT_NEAR(whole.right_px, 3000, 1e-3);
  EXPECT_NEAR(whole.bottom_px, 2000, 1e-3);
}

TEST(Letterbox, ClipsBoxesToThePhoto) {
  const Letterbox letterbox = fit_letterbox({600, 400}, 1, 608, 608, 32);
  const Detection wide = letterbox.photo_box(0.5, 0.5, 3, 0.1);
  EXPECT_FLOAT_EQ(wide.left_px, 0);
  EXPECT_FLOAT_EQ(wide.right_px, 600);
  EXPECT_GT(wide.top_px, 0);
  const Detection outside = letterbox.photo_box(2, 2, 0.1, 0.1);
  EXPECT_FLOAT_EQ(outside.width_px(), 0);
}

TEST(LetterboxPlanes, AreRedGreenBlueInAGreyFrame) {
  cv::Mat bgr(20, 40, CV_8UC3, cv::Scalar(51, 102, 255));
  bgr(cv::Rect(20, 0, 20, 20)).setTo(cv::Scalar(0, 0, 0));
  const Letterbox letterbox = fit_letterbox(bgr.size(), 1, 96, 96, 32);
  ASSERT_EQ(letterbox.input_height_px, 64);
  ASSERT_EQ(letterbox.content, cv::Rect(0, 8, 96, 48));
  const std::vector<float> planes = letterbox_planes(bgr, letterbox);
  ASSERT_EQ(planes.size(), 3U * 64 * 96);
  const auto at = [&](int channel, int x, int y) { return planes[(channel * 64 + y) * 96 + x]; };
  for (int channel = 0; channel < 3; ++channel) {
    EXPECT_FLOAT_EQ(at(channel, 10, 7), 0.5F);
    EXPECT_FLOAT_EQ(at(channel, 10, 56), 0.5F);
    EXPECT_FLOAT_EQ(at(channel, 90, 8), 0);
  }
  EXPECT_NEAR(at(0, 10, 8), 1, 1e-6);
  EXPECT_NEAR(at(1, 10, 30), 0.4, 1e-6);
  EXPECT_NEAR(at(2, 10, 55), 0.2, 1e-6);
}

}  // namespace
}  // namespace finview
