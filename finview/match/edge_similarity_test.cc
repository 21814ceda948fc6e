#include "finview/match/edge_similarity.h"

#include "finview/base/error.h"
#include "finview/match/edge_testing.h"
#include "finview/outline/fin_edge.h"
#include "finview/outline/find_outline.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

TEST(EdgeSimilarity, IsNearlyOneForTheSameEdge) {
  const FinEdge edge = edge_with(own_notches());
  EXPECT_GT(edge_similarity(edge, edge), 0.8);
  EXPECT_LT(edge_similarity(edge, edge), 1);
}

TEST(EdgeSimilarity, FindsAnEdgeWhoseLowerEndIsHidden) {
  const FinEdge whole = edge_with(own_notches());
  const double strangers = edge_similarity(whole, edge_with(other_notches()));
  EXPECT_GT(edge_similarity(whole, edge_with(own_notches(), 0.75)), strangers + 0.2);
  EXPECT_GT(edge_similarity(whole, edge_with(own_notches(), 1, 0.02)), strangers + 0.2);
}

TEST(EdgeSimilarity, DoesNotDependOnTheOrder) {
  const FinEdge a = edge_with(own_notches(), 0.8);
  const FinEdge b = edge_with(other_notches(), 0.9, 0.01);
  EXPECT_NEAR(edge_similarity(a, b), edge_similarity(b, a), 1e-6);
}

TEST(EdgeSimilarity, SmoothEdgesAreLikeNobody) {
  const FinEdge notched = edge_with(own_notches());
  FinEdge constant = edge_with({});
  std::fill(constant.signals.begin(), constant.signals.end(), 0.01f);
  EXPECT_NEAR(edge_similarity(notched, constant), 0, 0.05);
  EXPECT_NEAR(edge_similarity(constant, constant), 0, 0.05);
  // A trace of the same notches, far below what photos can show.
  std::vector<DrawnNotch> faint = own_notches();
  for (DrawnNotch& notch : faint) notch.depth *= 0.02;
  EXPECT_LT(edge_similarity(notched, edge_with(faint)), 0.5);
}

TEST(EdgeSimilarity, MatcherAnswersAsTheFunctionEveryTime) {
  const FinEdge query = edge_with(own_notches());
  const EdgeMatcher matcher(query);
  for (const double share : {1.0, 0.9, 0.7}) {
    const FinEdge other = edge_with(own_notches(), share);
    EXPECT_EQ(matcher.similarity(other), edge_similarity(query, other));
    EXPECT_EQ(matcher.similarity(other), matcher.similarity(other));
  }
}

TEST(EdgeSimilarity, RefusesSignalsOfAnotherShape) {
  FinEdge broken = edge_with({});
  broken.signals.pop_back();
  EXPECT_THROW(edge_similarity(broken, edge_with({})), Error);
  EXPECT_THROW(edge_similarity(edge_with({}), FinEdge{}), Error);
}

/// A fin that leans right, 400 x 460, with notches at shares of its height.
cv::Mat draw_fin(const std::vector<double>& notches) {
  std::vector<cv::Point> polygon;
  for (int i = 0; i <= 100; ++i) {
    const double t = i / 100.0;
    polygon.emplace_back(cvRound(40 + 260 * t - 40 * std::sin(t * CV_PI)),
                         cvRound(40 + 420 * (1 - t)));
  }
  for (int y = 0; y <= 420; ++y) {
    const double t = y / 420.0;
    double x = 300 + 60 * t - 60 * std::sin(t * CV_PI);
    for (const double notch : notches) x -= std::max(0.0, 9 - std::abs(t - notch) * 420);
    polygon.emplace_back(cvRound(x), 40 + y);
  }
  cv::Mat mask = cv::Mat::zeros(460, 400, CV_8UC1);
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{polygon}, cv::Scalar(255));
  return mask;
}

/// The mask under (x, y) -> (xx x + xy y, yy y) + (dx, dy).
cv::Mat moved(const cv::Mat& mask, double xx, double xy, double yy, double dx, double dy) {
  const cv::Mat map = (cv::Mat_<double>(2, 3) << xx, xy, dx, 0, yy, dy);
  cv::Mat result;
  cv::warpAffine(
      mask,
      result,
      map,
      cv::Size(static_cast<int>(460 * std::abs(xx)) + 60, static_cast<int>(mask.rows * yy + dy)));
  return result > 127;
}

FinEdge edge_of(const cv::Mat& mask) {
  return find_edge(outline_of_mask(mask, MaskSource::kAlpha, 1)).value();
}

TEST(EdgeSimilarity, KnowsAFinFromAnotherView) {
  const cv::Mat fin = draw_fin({0.25, 0.38, 0.6});
  const FinEdge own = edge_of(fin);
  const FinEdge other = edge_of(draw_fin({0.2, 0.5, 0.68}));
  const double stranger = edge_similarity(own, other);
  EXPECT_LT(stranger, 0.6);
  cv::Mat mirrored;
  cv::flip(fin, mirrored, 1);
  const std::vector<cv::Mat> views{
      moved(fin, 1.7, 0, 1.7, 5, 20),
      moved(fin, 1, 0, 1, 23, 11),
      mirrored,
      fin.rowRange(0, 40 + 420 * 3 / 4),
      moved(fin, 1, -0.1, 1, 46, 0),
      moved(mirrored, 0.9, 0.05, 1, 0, 8).rowRange(0, 400),
  };
  for (std::size_t i = 0; i < views.size(); ++i) {
    EXPECT_GT(edge_similarity(own, edge_of(views[i])), stranger + 0.2) << "view " << i;
    EXPECT_LT(edge_similarity(other, edge_of(views[i])), 0.65) << "view " << i;
  }
}

TEST(EdgeSimilarity, FinsWithoutNotchesAreLessAlikeThanOneNotchedFin) {
  const FinEdge notched = edge_of(draw_fin({0.25, 0.38, 0.6}));
  const FinEdge smooth = edge_of(draw_fin({}));
  EXPECT_LT(edge_similarity(notched, smooth), 0.6);
}

}  // namespace
}  // namespace finview
