#include "finview/pipeline/detector_figures.h"

#include "finview/pipeline/detector_errors.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

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

/// One fin found, one missed though seen at 0.3, one false find; a fin-free photo with a false
/// find.
std::vector<PhotoDetections> two_photos() {
  PhotoDetections first;
  first.longest_px = 1000;
  first.labels = {box(0, 0, 10, 10), box(200, 200, 300, 300)};
  first.found = {
      box(0, 0, 10, 10, 0.9F), box(600, 600, 660, 660, 0.7F), box(205, 200, 305, 300, 0.3F)};
  PhotoDetections second;
  second.longest_px = 1000;
  second.found = {box(10, 10, 40, 40, 0.6F)};
  return {first, second};
}

TEST(DetectorFigures, CountTheSameEverywhere) {
  const std::vector<std::string> groups{"a", "b"};
  const DetectorFigures figures = detector_figures(two_photos(), groups, 0.5, 100, 1);
  EXPECT_EQ(figures.num_fin_free, 1U);
  EXPECT_EQ(figures.num_fin_free_false, 1U);
  EXPECT_NEAR(figures.false_per_fin_free(), 1, 1e-12);
  EXPECT_EQ(figures.at_confidence.num_false_positives, 2U);
  EXPECT_NEAR(figures.best.confidence, 0.9, 1e-6);  // F1 2/3, at 0.3 it is 4/6 again
  ASSERT_EQ(figures.sizes.size(), 4U);
  EXPECT_EQ(figures.sizes[0].num_labels, 1U);  // 10 px of 1000
  EXPECT_EQ(figures.sizes[1].num_labels, 0U);
  EXPECT_EQ(figures.sizes[2].num_labels, 1U);  // 100 px of 1000
  const auto json = nlohmann::json::parse(figures_json(figures));
  EXPECT_EQ(json["missed"], 1);
  EXPECT_EQ(json["curve"].size(), 4U);
  EXPECT_EQ(json["intervals_95"]["groups"], 2);
  EXPECT_EQ(json["sizes"][0]["labels"], 1);
  const std::string page = figures_page(figures, "<figure>worst</figure>");
  EXPECT_NE(page.find("1.000 (1 on 1)"), std::string::npos);
  EXPECT_NE(page.find("<figure>worst</figure>"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos);
}

TEST(DetectorErrors, TheWorstComeFirst) {
  DetectorErrors errors(3);
  Picture picture;
  picture.bgr = cv::Mat(500, 500, CV_8UC3, cv::Scalar(90, 60, 30));
  picture.scale = 0.5;
  const auto photos = two_photos();
  errors.add("first <1>.jpg", picture, photos[0], 0.5);
  errors.add("second.jpg", picture, photos[1], 0.5);
  const std::string sheet = errors.sheet();
  // The missed fin counts 1 - 0.3, as much as the false find of 0.7 that came before it.
  const std::size_t false_find = sheet.find("false find, confidence 0.70");
  const std::size_t missed = sheet.find("missed, 100 x 100 px, nearest confidence 0.30");
  const std::size_t weak = sheet.find("second.jpg");
  ASSERT_NE(missed, std::string::npos);
  EXPECT_LT(missed, weak);
  EXPECT_LT(false_find, weak);
  EXPECT_NE(sheet.find("first &lt;1&gt;.jpg"), std::string::npos);
  DetectorErrors one(1);
  one.add("first", picture, photos[0], 0.5);
  one.add("second", picture, photos[1], 0.5);
  EXPECT_EQ(one.sheet().find("second"), std::string::npos);
}

}  // namespace
}  // namespace finview
