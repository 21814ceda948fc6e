#include "finview/crop/resize_area.h"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

TEST(ResizeArea, EqualsOpenCvsByteForByte) {
  cv::setRNGSeed(3);
  for (const int type : {CV_8UC4, CV_8UC3}) {
    for (const cv::Size from : {cv::Size(420, 349), cv::Size(257, 256), cv::Size(512, 300)}) {
      cv::Mat picture(from, type);
      cv::randu(picture, 0, 256);
      for (const cv::Size to : {cv::Size(256, 213), cv::Size(100, 75), cv::Size(1, 9), from}) {
        cv::Mat expected;
        cv::resize(picture, expected, to, 0, 0, cv::INTER_AREA);
        cv::Mat resized(to, type);
        resize_area(picture, resized);
        EXPECT_EQ(cv::norm(resized, expected, cv::NORM_INF), 0) << from << to << type;
      }
    }
  }
}

}  // namespace
}  // namespace finview
