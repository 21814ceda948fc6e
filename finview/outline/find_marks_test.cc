#include "finview/outline/find_marks.h"

#include "finview/outline/fin_edge.h"
#include "finview/outline/find_outline.h"

#include <cmath>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

/// A gray fin, tip up, 300 px high, with dark scars; sea full of texture around it.
struct DrawnFin {
  Crop crop;
  FinOutline outline;
  FinEdge edge;
};

DrawnFin draw_fin(const std::vector<cv::Point>& scars, double scale = 1) {
  const std::vector<cv::Point> border{{180, 40}, {60, 340}, {330, 340}, {250, 200}, {200, 60}};
  cv::Mat mask = cv::Mat::zeros(360, 400, CV_8UC1);
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{border}, cv::Scalar(255));
  cv::Mat bgr(360, 400, CV_8UC3);
  cv::RNG random(7);
  random.fill(bgr, cv::RNG::UNIFORM, 60, 200);
  bgr.setTo(cv::Scalar::all(110), mask);
  for (std::size_t i = 0; i < scars.size(); ++i) {
    const cv::Size size(6 + 2 * static_cast<int>(i % 3), 4);
    cv::ellipse(
        bgr, scars[i], size, 40.0 * static_cast<double>(i), 0, 360, cv::Scalar::all(70), -1);
  }
  cv::GaussianBlur(bgr, bgr, {}, 1);
  DrawnFin fin;
  cv::resize(bgr, fin.crop.bgr, {}, scale, scale, cv::INTER_AREA);
  cv::resize(mask, mask, fin.crop.bgr.size(), 0, 0, cv::INTER_AREA);
  fin.outline = outline_of_mask(mask > 127, MaskSource::kAlpha, 1);
  fin.edge = find_edge(fin.outline).value();
  return fin;
}

FinMarks marks_of(const DrawnFin& fin) { return find_marks(fin.crop, fin.outline, fin.edge); }

const std::vector<cv::Point>& scars() {
  static const std::vector<cv::Point> places{
      {170, 150}, {210, 190}, {150, 250}, {220, 260}, {180, 300}, {260, 300}};
  return places;
}

/// Whether a mark lies within 4 % of the fin's height of the place in the drawn picture.
bool has_mark_at(const FinMarks& marks, const FinEdge& edge, cv::Point2f place, float scale) {
  const cv::Point2f tip = edge.points.front();
  const float unit = edge.points.back().y - tip.y;
  for (const FinMarks::Place& mark : marks.places) {
    const cv::Point2f at = tip + unit * cv::Point2f(mark.x, mark.y);
    if (std::hypot(at.x - scale * place.x, at.y - scale * place.y) < 0.04F * unit) return true;
  }
  return false;
}

TEST(FindMarks, FindsEveryScarAndNothingOfTheSea) {
  const DrawnFin fin = draw_fin(scars());
  const FinMarks marks = marks_of(fin);
  for (const cv::Point& scar : scars()) {
    EXPECT_TRUE(has_mark_at(marks, fin.edge, scar, 1)) << scar.x << ", " << scar.y;
  }
  EXPECT_EQ(marks.descriptors.size(), marks.places.size() * FinMarks::kDescriptorSize);
  const float unit = fin.edge.points.back().y - fin.edge.points.front().y;
  for (const FinMarks::Place& mark : marks.places) {
    const cv::Point2f at = fin.edge.points.front() + unit * cv::Point2f(mark.x, mark.y);
    EXPECT_NE(fin.outline.mask.at<std::uint8_t>(cvRound(at.y), cvRound(at.x)), 0);
  }
}

TEST(FindMarks, PlacesDoNotDependOnTheSizeOfTheCrop) {
  const DrawnFin half = draw_fin(scars(), 0.6);
  const FinMarks marks = marks_of(half);
  int found = 0;
  for (const cv::Point& scar : scars()) found += has_mark_at(marks, half.edge, scar, 0.6F);
  EXPECT_GE(found, 5);
}

TEST(FindMarks, DescriptorsHaveTheLengthOfRootSift) {
  const FinMarks marks = marks_of(draw_fin(scars()));
  ASSERT_FALSE(marks.places.empty());
  for (std::size_t i = 0; i < marks.places.size(); ++i) {
    double squares = 0;
    for (std::size_t k = 0; k < FinMarks::kDescriptorSize; ++k) {
      squares += std::pow(marks.descriptors[i * FinMarks::kDescriptorSize + k], 2);
    }
    EXPECT_NEAR(std::sqrt(squares) / 512, 1, 0.05);
  }
}

TEST(FindMarks, APlainFinHasNone) { EXPECT_TRUE(marks_of(draw_fin({})).places.empty()); }

}  // namespace
}  // namespace finview
