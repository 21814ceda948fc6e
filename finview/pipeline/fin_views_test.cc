#include "finview/pipeline/fin_views.h"

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

/// A dark triangle on blue, 120 x 90.
Crop triangle() {
  Crop crop;
  crop.bgr = cv::Mat(90, 120, CV_8UC3, cv::Scalar(180, 120, 60));
  const std::vector<cv::Point> corners = {{20, 89}, {70, 5}, {110, 89}};
  cv::fillPoly(crop.bgr, std::vector{corners}, cv::Scalar(50, 50, 50));
  return crop;
}

double mean_difference(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * 3);
}

TEST(RandomView, DependsOnTheSeedAlone) {
  const cv::Mat one = random_view(triangle(), 64, {}, 7);
  EXPECT_EQ(one.size(), cv::Size(64, 64));
  EXPECT_EQ(one.type(), CV_8UC3);
  EXPECT_EQ(mean_difference(one, random_view(triangle(), 64, {}, 7)), 0);
  EXPECT_GT(mean_difference(one, random_view(triangle(), 64, {}, 8)), 2);
}

TEST(RandomView, WithoutChangesIsTheCrop) {
  ViewOptions none;
  none.framing = none.perspective = none.foreshortening = none.rotation_deg = 0;
  none.color = none.degradation = none.water = 0;
  const cv::Mat view = random_view(triangle(), 120, none, 3);
  const cv::Mat foot = view(cv::Rect(0, 30, 120, 90));
  EXPECT_LT(mean_difference(foot, triangle().bgr), 2);
  EXPECT_EQ(view.at<cv::Vec3b>(5, 5), cv::Vec3b(128, 128, 128)) << "neutral above the crop";
}

TEST(InventedFin, HasTheSameColorsInAnotherOutline) {
  const Crop fin = triangle();
  const Crop invented = invented_fin(fin, 1);
  ASSERT_EQ(invented.bgr.size(), fin.bgr.size());
  const cv::Scalar before = cv::mean(fin.bgr);
  const cv::Scalar after = cv::mean(invented.bgr);
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(before[c], after[c], 8);
  EXPECT_GT(mean_difference(fin.bgr, invented.bgr), 1);
  EXPECT_EQ(mean_difference(invented.bgr, invented_fin(fin, 1).bgr), 0);
  EXPECT_GT(mean_difference(invented.bgr, invented_fin(fin, 2).bgr), 1);
}

}  // namespace
}  // namespace finview
