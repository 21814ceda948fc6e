#include "finview/outline/find_parts.h"

#include "finview/outline/contour.h"
#include "finview/outline/find_outline.h"
#include "finview/outline/rendered_fin_testing.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>

namespace finview {
namespace {

struct CutNotch {
  double position = 0;  ///< share of the trailing edge
  double depth = 0;     ///< share of the fin's height
  double width = 0;     ///< share of the edge's length
};

/// A fin 400 high with a bulging leading side and a straight trailing one, cut by triangles.
struct CutFin {
  cv::Point2f tip{250, 40};
  cv::Point2f front{60, 440};
  cv::Point2f rear{330, 440};
  double height = 400;

  double edge_length() const { return cv::norm(rear - tip); }

  cv::Point2f at(double share, double depth) const {
    const cv::Point2f along = (rear - tip) / edge_length();
    const cv::Point2f inward(-along.y, along.x);
    return tip + along * (share * edge_length()) + inward * (depth * height);
  }

  FinOutline outline(const std::vector<CutNotch>& notches, bool is_mirrored = false) const {
    std::vector<cv::Point2f> polygon{front, {105, 300}, {178, 150}, tip};
    for (const CutNotch& notch : notches) {
      polygon.push_back(at(notch.position - notch.width / 2, 0));
      polygon.push_back(at(notch.position, notch.depth));
      polygon.push_back(at(notch.position + notch.width / 2, 0));
    }
    polygon.push_back(rear);
    if (is_mirrored) {
      for (cv::Point2f& point : polygon) point.x = 480 - point.x;
    }
    return outline_of_mask(fill_polygon(polygon, {480, 480}), MaskSource::kAlpha, 1);
  }
};

const std::vector<CutNotch> kThree{{.25, .03, .05}, {.5, .06, .07}, {.75, .025, .04}};

TEST(FindParts, MeasuresNotchesThatWereCut) {
  const CutFin fin;
  for (const bool is_mirrored : {false, true}) {
    const std::optional<FinParts> parts = find_parts(fin.outline(kThree, is_mirrored));
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->notches.size(), kThree.size());
    for (std::size_t i = 0; i < kThree.size(); ++i) {
      const Notch& found = parts->notches[i];
      EXPECT_NEAR(found.position, kThree[i].position, 0.015);
      EXPECT_NEAR(found.depth, kThree[i].depth, 0.008);
      EXPECT_NEAR(found.width, kThree[i].width, 0.02);
      cv::Point2f bottom = fin.at(kThree[i].position, kThree[i].depth);
      if (is_mirrored) bottom.x = 480 - bottom.x;
      EXPECT_LT(cv::norm(found.deepest - bottom), 4);
      EXPECT_LT(found.upper.y, found.deepest.y);
      EXPECT_GT(found.lower.y, found.deepest.y);
    }
  }
}

TEST(FindParts, TellsNotchesSideBySideApart) {
  const CutFin fin;
  const std::optional<FinParts> parts =
      find_parts(fin.outline({{.40, .04, .04}, {.44, .04, .04}, {.48, .04, .04}}));
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->notches.size(), 3U);
}

TEST(FindParts, FindsNoNotchInASmoothEdge) {
  const std::optional<FinParts> parts = find_parts(CutFin().outline({}));
  ASSERT_TRUE(parts);
  EXPECT_TRUE(parts->notches.empty());
  EXPECT_EQ(parts->distinctiveness, 0);
}

TEST(FindParts, CallsDeeplyNotchedFinsMoreDistinct) {
  const CutFin fin;
  const double with_one = find_parts(fin.outline({kThree[1]}))->distinctiveness;
  const double with_three = find_parts(fin.outline(kThree))->distinctiveness;
  EXPECT_GT(with_one, 0.2);
  EXPECT_GT(with_three, with_one + 0.1);
  EXPECT_LE(with_three, 1);
}

TEST(FindParts, KnowsTipEdgesAndBase) {
  const CutFin fin;
  const std::optional<FinParts> parts = find_parts(fin.outline({}));
  ASSERT_TRUE(parts);
  EXPECT_LT(cv::norm(parts->tip - fin.tip), 12);
  // Its trailing side is not hollow, so which side trails may be mistaken.
  const bool trails_right = parts->side == FinSide::kRight;
  EXPECT_LT(cv::norm((trails_right ? parts->base_front : parts->base_rear) - fin.front), 12);
  EXPECT_LT(cv::norm((trails_right ? parts->base_rear : parts->base_front) - fin.rear), 12);
  EXPECT_EQ(parts->leading_edge.front(), parts->trailing_edge.front());
}

TEST(FindParts, KnowsWhichFlankIsInView) {
  const cv::Mat mask = render_fin({400, 380}, 3).mask;
  cv::Mat mirrored_mask;
  cv::flip(mask, mirrored_mask, 1);
  const std::optional<FinParts> parts = find_parts(outline_of_mask(mask, MaskSource::kAlpha, 1));
  const std::optional<FinParts> mirrored =
      find_parts(outline_of_mask(mirrored_mask, MaskSource::kAlpha, 1));
  ASSERT_TRUE(parts && mirrored);
  EXPECT_EQ(parts->side, FinSide::kRight);
  EXPECT_STREQ(flank_in_view(parts->side), "left");
  EXPECT_EQ(mirrored->side, FinSide::kLeft);
  EXPECT_STREQ(flank_in_view(mirrored->side), "right");
  EXPECT_GT(parts->side_confidence, 0.7);
  EXPECT_NEAR(mirrored->side_confidence, parts->side_confidence, 0.05);
}

TEST(FindParts, IsUnsureOfTheSideOfASymmetricFin) {
  const std::vector<cv::Point2f> triangle{{60, 440}, {195, 40}, {330, 440}};
  const std::optional<FinParts> parts =
      find_parts(outline_of_mask(fill_polygon(triangle, {480, 480}), MaskSource::kAlpha, 1));
  ASSERT_TRUE(parts);
  EXPECT_LT(parts->side_confidence, 0.75);
}

TEST(FindParts, IsAbsentWithoutAFin) {
  EXPECT_FALSE(find_parts(FinOutline()));
  const cv::Mat speck = fill_polygon({{5, 20}, {9, 6}, {12, 20}}, {24, 24});
  EXPECT_FALSE(find_parts(outline_of_mask(speck, MaskSource::kAlpha, 1)));
  const cv::Mat line = fill_polygon({{0, 0}, {1, 0}, {1, 60}, {0, 60}}, {1, 60});
  EXPECT_NO_THROW(find_parts(outline_of_mask(line, MaskSource::kAlpha, 1)));
}

}  // namespace
}  // namespace finview
