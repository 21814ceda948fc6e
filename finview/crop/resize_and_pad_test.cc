#include "finview/crop/resize_and_pad.h"

#include "finview/base/error.h"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>

namespace finview {
namespace {

const cv::Scalar kWhite(255, 255, 255);

TEST(ResizeAndPad, PutsAllPaddingOfAWidePictureOnTop) {
  const cv::Mat wide(10, 40, CV_8UC3, cv::Scalar(1, 2, 3));
  const cv::Mat padded = resize_and_pad(wide, 20, kWhite);
  ASSERT_EQ(padded.size(), cv::Size(20, 20));
  EXPECT_EQ(padded.at<cv::Vec3b>(14, 10), cv::Vec3b(255, 255, 255));
  EXPECT_EQ(padded.at<cv::Vec3b>(15, 10), cv::Vec3b(1, 2, 3));
  EXPECT_EQ(padded.at<cv::Vec3b>(19, 0), cv::Vec3b(1, 2, 3));
}

TEST(ResizeAndPad, PutsTheOddPixelOfATallPictureRight) {
  const cv::Mat tall(40, 10, CV_8UC1, cv::Scalar(7));
  const cv::Mat padded = resize_and_pad(tall, 20, kWhite);  // 5 wide: 7 left, 8 right
  EXPECT_EQ(padded.at<uchar>(3, 6), 255);
  EXPECT_EQ(padded.at<uchar>(3, 7), 7);
  EXPECT_EQ(padded.at<uchar>(3, 11), 7);
  EXPECT_EQ(padded.at<uchar>(3, 12), 255);
}

TEST(ResizeAndPad, PadsBgraWithTransparentWhiteWhenTheColorNamesThreeChannels) {
  const cv::Mat wide(10, 40, CV_8UC4, cv::Scalar(1, 2, 3, 200));
  const cv::Mat padded = resize_and_pad(wide, 20, kWhite);
  EXPECT_EQ(padded.at<cv::Vec4b>(0, 0), cv::Vec4b(255, 255, 255, 0));
  EXPECT_EQ(padded.at<cv::Vec4b>(19, 0), cv::Vec4b(1, 2, 3, 200));
}

TEST(ResizeAndPad, AveragesAreasWhenItShrinks) {
  cv::Mat checkers(4, 4, CV_8UC1);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 4; ++x) checkers.at<uchar>(y, x) = (x + y) % 2 == 0 ? 40 : 60;
  }
  EXPECT_EQ(resize_and_pad(checkers, 2, kWhite).at<uchar>(1, 1), 50);
}

TEST(ResizeAndPad, EnlargesAndKeepsExtremeShapesVisible) {
  EXPECT_EQ(
      resize_and_pad(cv::Mat(1, 1, CV_8UC3, cv::Scalar(9, 9, 9)), 5, kWhite).at<cv::Vec3b>(2, 2),
      cv::Vec3b(9, 9, 9));
  const cv::Mat line = resize_and_pad(cv::Mat(1, 1000, CV_8UC1, cv::Scalar(9)), 96, kWhite);
  EXPECT_EQ(line.at<uchar>(95, 50), 9);
  EXPECT_EQ(line.at<uchar>(94, 50), 255);
}

TEST(ResizeAndPad, RefusesNoPixelsAndNoSize) {
  EXPECT_THROW(resize_and_pad(cv::Mat(), 96, kWhite), Error);
  EXPECT_THROW(resize_and_pad(cv::Mat(2, 2, CV_8UC1), 0, kWhite), Error);
}

}  // namespace
}  // namespace finview
