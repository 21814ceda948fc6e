#include "finview/training/detection_metrics.h"

#include <gtest/gtest.h>

namespace finview {
namespace {

Detection box(float left, float top, float right, float bottom, float confidence = 1) {
  Detection result;
  result.left_px = left;
  result.top_px = top;
  result.right_px = right;
  result.bottom_px = bottom;
  result.confidence = confidence;
  return result;
}

/// Three labels; found in order of confidence: right (IoU 1), wrong, right (IoU 0.6), wrong.
std::vector<PhotoDetections> worked_example() {
  PhotoDetections first;
  first.labels = {box(0, 0, 10, 10), box(100, 100, 110, 110)};
  first.found = {box(50, 50, 60, 60, 0.8F), box(0, 0, 10, 10, 0.9F)};
  PhotoDetections second;
  second.labels = {box(20, 20, 30, 30)};
  second.found = {box(20, 20, 30, 26, 0.7F), box(20, 20, 30, 30, 0.6F)};
  return {first, second};
}

TEST(AveragePrecision, MatchesTheWorkedExample) {
  // Precision after each find 1, 1/2, 2/3, 1/2; recall 1/3, 1/3, 2/3, 2/3. Recalls 0..0.33 get
  // precision 1, 0.34..0.66 get 2/3, the rest 0.
  EXPECT_NEAR(average_precision(worked_example(), 0.5), (34 + 33 * 2.0 / 3) / 101, 1e-12);
}

TEST(AveragePrecision, StricterOverlapTakesTheBetterBox) {
  // At 0.75 the box of IoU 0.6 is wrong, the last one right: precision 1, 1/2, 1/3, 1/2.
  EXPECT_NEAR(average_precision(worked_example(), 0.75), (34 + 33 * 0.5) / 101, 1e-12);
}

TEST(AveragePrecision, AllFoundIsOneAndNoLabelsIsZero) {
  PhotoDetections photo;
  photo.labels = {box(0, 0, 10, 10)};
  photo.found = {box(0, 0, 10, 10, 0.3F)};
  EXPECT_DOUBLE_EQ(average_precision(std::vector{photo}, 0.95), 1);
  EXPECT_DOUBLE_EQ(coco_average_precision(std::vector{photo}), 1);
  photo.labels.clear();
  EXPECT_EQ(average_precision(std::vector{photo}, 0.5), 0);
}

TEST(OperatingPoint, CountsWhatAUserSees) {
  const OperatingPoint point = operating_point(worked_example(), 0.65, 0.5);
  EXPECT_EQ(point.num_true_positives, 2U);
  EXPECT_EQ(point.num_false_positives, 1U);
  EXPECT_EQ(point.num_missed, 1U);
  EXPECT_NEAR(point.precision, 2.0 / 3, 1e-12);
  EXPECT_NEAR(point.recall, 2.0 / 3, 1e-12);
  EXPECT_NEAR(point.f1, 2.0 / 3, 1e-12);
  EXPECT_NEAR(point.mean_iou, 0.8, 1e-6);
}

TEST(OperatingPoint, NothingFoundHasNoPrecision) {
  const OperatingPoint point = operating_point(worked_example(), 0.95, 0.5);
  EXPECT_EQ(point.precision, 0);
  EXPECT_EQ(point.num_missed, 3U);
}

}  // namespace
}  // namespace finview
