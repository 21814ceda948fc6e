#include "finview/training/detection_metrics.h"

#include <cmath>
#include <string>
#include <vector>

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

TEST(PrecisionRecallCurve, HasAPointPerConfidence) {
  const auto curve = precision_recall_curve(worked_example(), 0.5);
  ASSERT_EQ(curve.size(), 4U);
  EXPECT_FLOAT_EQ(static_cast<float>(curve[0].confidence), 0.9F);
  EXPECT_NEAR(curve[0].precision, 1, 1e-12);
  EXPECT_NEAR(curve[2].precision, 2.0 / 3, 1e-12);
  EXPECT_NEAR(curve[2].recall, 2.0 / 3, 1e-12);
  EXPECT_NEAR(curve[3].precision, 0.5, 1e-12);
  // F1 is 1/2, 2/5, 2/3, 4/7.
  EXPECT_FLOAT_EQ(static_cast<float>(best_f1(curve).confidence), 0.7F);
  EXPECT_EQ(best_f1({}).confidence, 0);
  EXPECT_TRUE(precision_recall_curve(std::vector<PhotoDetections>(2), 0.5).empty());
}

TEST(FinSizes, OtherSizesNeitherHelpNorHarm) {
  PhotoDetections photo;
  photo.longest_px = 1000;
  photo.labels = {box(0, 0, 10, 10), box(100, 100, 200, 200)};
  // Found: the large one, a large and a small false positive, the small one.
  photo.found = {box(100, 100, 200, 200, 0.9F),
                 box(500, 500, 600, 600, 0.8F),
                 box(300, 300, 310, 310, 0.7F),
                 box(0, 0, 10, 10, 0.6F)};
  const FinSize small{0, 0.05};
  const FinSize large{0.05, 1};
  EXPECT_NEAR(average_precision(std::vector{photo}, 0.5, small), 0.5, 1e-12);
  EXPECT_NEAR(average_precision(std::vector{photo}, 0.5, large), 1, 1e-12);
  EXPECT_EQ(operating_point(std::vector{photo}, 0.5, 0.5, small).num_false_positives, 1U);
  EXPECT_EQ(operating_point(std::vector{photo}, 0.5, 0.5, large).num_false_positives, 1U);
  EXPECT_EQ(operating_point(std::vector{photo}, 0.65, 0.5, small).num_missed, 1U);
  // A box that overlaps a label that counts and a nearer one that does not takes the first.
  photo.labels = {box(0, 0, 48, 50), box(0, 0, 52, 50)};
  photo.found = {box(0, 0, 51, 50, 0.9F)};
  EXPECT_NEAR(average_precision(std::vector{photo}, 0.5, small), 1, 1e-12);
}

TEST(DetectionMatches, WeightsCountPhotosSeveralTimes) {
  const auto photos = worked_example();
  const DetectionMatches matches = match_detections(photos, 0.5);
  const std::vector<double> twice{2, 2};
  EXPECT_NEAR(average_precision(matches, twice), average_precision(matches), 1e-12);
  const std::vector<double> second_only{0, 1};
  EXPECT_NEAR(average_precision(matches, second_only),
              average_precision(std::vector{photos[1]}, 0.5),
              1e-12);
}

TEST(Bootstrap, OneGroupHasNoSpreadAndTwoHaveAll) {
  PhotoDetections right;
  right.labels = right.found = {box(0, 0, 10, 10, 0.9F)};
  PhotoDetections missed;
  missed.labels = {box(0, 0, 10, 10)};
  const std::vector<PhotoDetections> photos{right, missed};
  const std::vector<std::string> one_group{"a", "a"};
  const auto narrow = bootstrap_intervals(photos, one_group, 0.5, 200, 1);
  EXPECT_EQ(narrow.num_groups, 1U);
  EXPECT_NEAR(narrow.recall.low, 0.5, 1e-12);
  EXPECT_NEAR(narrow.recall.high, 0.5, 1e-12);
  EXPECT_NEAR(narrow.ap50.low, average_precision(photos, 0.5), 1e-12);
  const std::vector<std::string> two_groups{"a", "b"};
  const auto wide = bootstrap_intervals(photos, two_groups, 0.5, 200, 1);
  EXPECT_NEAR(wide.recall.low, 0, 1e-12);
  EXPECT_NEAR(wide.recall.high, 1, 1e-12);
}

TEST(Bootstrap, IsAsWideAsTheNormalApproximation) {
  constexpr int kNumPhotos = 400;
  std::vector<PhotoDetections> photos;
  std::vector<std::string> groups;
  for (int i = 0; i < kNumPhotos; ++i) {
    PhotoDetections photo;
    photo.labels = {box(0, 0, 10, 10)};
    if (i % 5 != 0) photo.found = {box(0, 0, 10, 10, 0.9F)};  // recall 0.8
    photos.push_back(photo);
    groups.push_back(std::to_string(i));
  }
  const auto intervals = bootstrap_intervals(photos, groups, 0.5, 1000, 7);
  const double half = 1.96 * std::sqrt(0.8 * 0.2 / kNumPhotos);
  EXPECT_NEAR(intervals.recall.low, 0.8 - half, 0.2 * half);
  EXPECT_NEAR(intervals.recall.high, 0.8 + half, 0.2 * half);
  EXPECT_NEAR(intervals.precision.low, 1, 1e-12);
  EXPECT_EQ(bootstrap_intervals(photos, groups, 0.5, 50, 7).f1.low,
            bootstrap_intervals(photos, groups, 0.5, 50, 7).f1.low);
}

}  // namespace
}  // namespace finview
