#include "finview/outline/place_border.h"

#include "finview/outline/rendered_fin_testing.h"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

cv::Mat undecided(const cv::Size& size) { return {size, CV_32FC1, cv::Scalar(0.5)}; }

TEST(PlaceBorder, FindsTheBorderNearARoughMask) {
  const RenderedFin fin = render_fin({400, 400}, 3);
  cv::Mat rough;
  cv::dilate(fin.mask, rough, cv::getStructuringElement(cv::MORPH_ELLIPSE, {9, 9}));
  const cv::Mat placed = place_border(fin.bgr, undecided(fin.bgr.size()), rough, 0.016);
  EXPECT_LT(overlap(rough, fin.mask), 0.95);
  EXPECT_GT(overlap(placed, fin.mask), 0.985);
}

TEST(PlaceBorder, LeavesWhatIsFarFromTheBorderAlone) {
  const RenderedFin fin = render_fin({400, 400}, 3);
  cv::Mat wrong = fin.mask.clone();
  cv::rectangle(wrong, {0, 0, 60, 60}, cv::Scalar(255), cv::FILLED);
  const cv::Mat placed = place_border(fin.bgr, undecided(fin.bgr.size()), wrong, 0.016);
  EXPECT_EQ(placed.at<uchar>(30, 30), 255);
}

TEST(PlaceBorder, ListensToTheProbabilityWhereColorsSayNothing) {
  cv::Mat even(200, 200, CV_8UC3, cv::Scalar(90, 100, 110));
  cv::randn(even, cv::Scalar::all(100), cv::Scalar::all(4));
  cv::Mat truth = cv::Mat::zeros(200, 200, CV_8UC1);
  cv::rectangle(truth, {50, 50, 100, 150}, cv::Scalar(255), cv::FILLED);
  cv::Mat rough;
  cv::dilate(truth, rough, cv::Mat());
  cv::Mat probability(200, 200, CV_32FC1, cv::Scalar(0.001));
  probability.setTo(0.999, truth);
  EXPECT_GT(overlap(place_border(even, probability, rough, 0.016), truth), 0.98);
}

TEST(PlaceBorder, KeepsMasksTooThinForABand) {
  const cv::Mat bgr(100, 100, CV_8UC3, cv::Scalar::all(50));
  cv::Mat thin = cv::Mat::zeros(100, 100, CV_8UC1);
  cv::line(thin, {50, 10}, {50, 90}, cv::Scalar(255), 1);
  EXPECT_EQ(cv::norm(place_border(bgr, undecided(bgr.size()), thin, 0.016), thin), 0);
}

}  // namespace
}  // namespace finview
