#include "finview/outline/fin_edge.h"
#include "finview/outline/find_outline.h"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

/// A triangle whose trailing edge is its right side and whose base is tilted by `drop` px: positive
/// where the front of the base is lower.
FinOutline tilted_fin(int drop) {
  cv::Mat mask = cv::Mat::zeros(520, 520, CV_8UC1);
  const std::vector<cv::Point> corners{{330, 40}, {380, 400}, {60, 400 + drop}};
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{corners}, cv::Scalar(255));
  return outline_of_mask(mask, MaskSource::kAutomatic, 1);
}

TEST(EdgeEnd, LiesWhereTheEdgeMeetsTheBase) {
  const double length = std::hypot(50, 360);
  for (const int drop : {-60, 0, 60, 110}) {
    const std::optional<FinEdge> edge = find_edge(tilted_fin(drop));
    ASSERT_TRUE(edge) << drop;
    EXPECT_EQ(edge->side, FinSide::kRight) << drop;
    EXPECT_NEAR(edge->length_px, length, 0.07 * length) << drop;
  }
}

TEST(EdgeEnd, LiesBelowDeepNotches) {
  for (const double share : {0.5, 0.6, 0.7, 0.8}) {
    const auto on_edge = [&](double at) {
      return cv::Point(cvRound(330 + 50 * at), cvRound(40 + 360 * at));
    };
    // Its upper side is level, as torn notches often are.
    const std::vector<cv::Point> corners{{330, 40},
                                         on_edge(share - 0.04),
                                         on_edge(share - 0.03) - cv::Point(60, 0),
                                         on_edge(share + 0.04),
                                         {380, 400},
                                         {60, 400}};
    cv::Mat mask = cv::Mat::zeros(520, 520, CV_8UC1);
    cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{corners}, cv::Scalar(255));
    const std::optional<FinEdge> edge = find_edge(outline_of_mask(mask, MaskSource::kAutomatic, 1));
    ASSERT_TRUE(edge) << share;
    EXPECT_LT(cv::norm(edge->points.back() - cv::Point2f(380, 400)), 14) << share;
  }
}

}  // namespace
}  // namespace finview
