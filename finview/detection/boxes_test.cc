#include "finview/detection/boxes.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace finview {
namespace {

Detection box(float left, float top, float right, float bottom, float confidence, int cls = 0) {
  return {left, top, right, bottom, confidence, cls};
}

TEST(IntersectionOverUnion, IsSharedAreaOverCoveredArea) {
  const Detection a = box(0, 0, 10, 10, 1);
  EXPECT_DOUBLE_EQ(intersection_over_union(a, a), 1);
  EXPECT_DOUBLE_EQ(intersection_over_union(a, box(5, 0, 15, 10, 1)), 50.0 / 150);
  EXPECT_DOUBLE_EQ(intersection_over_union(a, box(2, 2, 4, 7, 1)), 10.0 / 100);
  EXPECT_DOUBLE_EQ(intersection_over_union(a, box(10, 0, 20, 10, 1)), 0);
  EXPECT_DOUBLE_EQ(intersection_over_union(box(1, 1, 1, 1, 1), box(1, 1, 1, 1, 1)), 0);
}

TEST(SuppressOverlaps, KeepsTheMoreConfidentOfTwoThatOverlap) {
  const auto kept = suppress_overlaps(
      {box(5, 0, 15, 10, 0.6F), box(0, 0, 10, 10, 0.9F), box(40, 0, 50, 10, 0.7F)}, 0.3);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_FLOAT_EQ(kept[0].confidence, 0.9F);
  EXPECT_FLOAT_EQ(kept[1].confidence, 0.7F);
}

TEST(SuppressOverlaps, KeepsBothAtTheLimit) {
  const std::vector<Detection> pair{box(0, 0, 10, 10, 0.9F), box(5, 0, 15, 10, 0.6F)};
  EXPECT_EQ(suppress_overlaps(pair, 50.0 / 150).size(), 2U);
  EXPECT_EQ(suppress_overlaps(pair, 0.3333).size(), 1U);
}

TEST(SuppressOverlaps, KeepsOtherClasses) {
  EXPECT_EQ(suppress_overlaps({box(0, 0, 9, 9, 0.9F, 0), box(0, 0, 9, 9, 0.8F, 1)}, 0.1).size(),
            2U);
}

TEST(SuppressOverlaps, DroppedBoxDoesNotDropOthers) {
  // b hides behind a; c overlaps only b.
  const auto kept = suppress_overlaps(
      {box(0, 0, 10, 10, 0.9F), box(4, 0, 14, 10, 0.8F), box(8, 0, 18, 10, 0.7F)}, 0.4);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_FLOAT_EQ(kept[1].confidence, 0.7F);
}

TEST(SuppressOverlaps, DoesNotDependOnTheOrderOfTies) {
  std::vector<Detection> boxes{
      box(0, 0, 10, 10, 0.5F), box(1, 0, 11, 10, 0.5F), box(2, 0, 12, 10, 0.5F)};
  std::sort(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) {
    return a.left_px < b.left_px;
  });
  do {
    const auto kept = suppress_overlaps(boxes, 0.5);
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_FLOAT_EQ(kept[0].left_px, 0);
  } while (std::next_permutation(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) {
    return a.left_px < b.left_px;
  }));
}

TEST(SuppressAndVote, PlacesABoxAtTheWeightedMeanOfItsKind) {
  Detection other_class = box(0, 0, 10, 10, 0.9F);
  other_class.class_index = 1;
  // The second overlaps the first by 8 / 12, the third by 4 / 16: it is suppressed, but has no say.
  const auto kept = suppress_and_vote(
      {box(0, 0, 10, 10, 0.6F), box(2, 0, 12, 10, 0.2F), box(6, 0, 16, 10, 0.1F), other_class},
      0.2);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].class_index, 1);
  EXPECT_FLOAT_EQ(kept[0].right_px, 10);
  EXPECT_FLOAT_EQ(kept[1].left_px, 0.5F);
  EXPECT_FLOAT_EQ(kept[1].right_px, 10.5F);
  EXPECT_FLOAT_EQ(kept[1].bottom_px, 10);
  EXPECT_FLOAT_EQ(kept[1].confidence, 0.6F);
}

TEST(SuppressAndVote, KeepsBoxesOfNoConfidence) {
  const auto kept = suppress_and_vote({box(1, 2, 3, 4, 0)}, 0.5);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_FLOAT_EQ(kept[0].left_px, 1);
}

}  // namespace
}  // namespace finview
