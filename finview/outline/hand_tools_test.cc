#include "finview/outline/hand_tools.h"

#include "finview/base/error.h"
#include "finview/outline/contour.h"
#include "finview/outline/fin_masker.h"
#include "finview/outline/find_outline.h"
#include "finview/outline/manual_filter.h"
#include "finview/outline/rendered_fin_testing.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

const FinMasker& shipped_masker() {
  static const FinMasker masker(std::filesystem::path(FINVIEW_SOURCE_DIR) /
                                "models/fin-outline.fvm");
  return masker;
}

Crop crop_of(const cv::Mat& bgr) {
  Crop crop;
  crop.bgr = bgr;
  return crop;
}

/// Leftmost, rightmost, highest and lowest point of a mask.
ExtremePoints extremes_of(const cv::Mat& mask) {
  std::vector<cv::Point> inside;
  cv::findNonZero(mask, inside);
  const auto by_x = [](auto& a, auto& b) { return a.x < b.x; };
  const auto by_y = [](auto& a, auto& b) { return a.y < b.y; };
  const auto [left, right] = std::minmax_element(inside.begin(), inside.end(), by_x);
  const auto [top, bottom] = std::minmax_element(inside.begin(), inside.end(), by_y);
  return {{cv::Point2f(*left),
           cv::Point2f(*right) + cv::Point2f(1, 0),
           cv::Point2f(*top),
           cv::Point2f(*bottom) + cv::Point2f(0, 1)}};
}

/// Two fins side by side in one picture.
struct TwoFins {
  cv::Mat bgr;
  cv::Mat left_mask;
  cv::Mat right_mask;
};

TwoFins two_fins() {
  const RenderedFin one = render_fin({260, 250}, 5);
  const RenderedFin other = render_fin({260, 250}, 8);
  TwoFins both;
  cv::hconcat(one.bgr, other.bgr, both.bgr);
  const cv::Mat none = cv::Mat::zeros(one.mask.size(), CV_8UC1);
  cv::hconcat(one.mask, none, both.left_mask);
  cv::hconcat(none, other.mask, both.right_mask);
  return both;
}

TEST(MaskFromExtremePoints, PicksTheFinThatIsMeant) {
  const TwoFins fins = two_fins();
  for (const cv::Mat& truth : {fins.left_mask, fins.right_mask}) {
    const cv::Mat mask = mask_from_extreme_points(fins.bgr, extremes_of(truth), shipped_masker());
    EXPECT_GT(overlap(mask, truth), 0.93);
  }
}

TEST(MaskFromExtremePoints, RefusesPointsThatSpanNothing) {
  const cv::Mat bgr(50, 50, CV_8UC3, cv::Scalar::all(90));
  const ExtremePoints one_place{{cv::Point2f(10, 10), {10, 10}, {10, 10}, {10, 10}}};
  const ExtremePoints elsewhere{{cv::Point2f(100, 60), {160, 60}, {130, 10}, {130, 80}}};
  EXPECT_THROW(mask_from_extreme_points(bgr, one_place, shipped_masker()), Error);
  EXPECT_THROW(mask_from_extreme_points(bgr, elsewhere, shipped_masker()), Error);
}

TEST(MaskFromStrokes, GivesBackWhatWasCutOffAndTakesAwayWhatWasTooMuch) {
  const RenderedFin fin = render_fin({300, 280}, 6);
  cv::Mat wrong = fin.mask.clone();
  wrong.rowRange(0, 90) = cv::Scalar(0);                        // the tip is missing
  cv::rectangle(wrong, {0, 200, 60, 80}, cv::Scalar(255), -1);  // sea is taken along
  const double before = overlap(wrong, fin.mask);
  const Strokes strokes{{{{{175, 60}, {180, 110}}, 5, true}, {{{15, 215}, {15, 270}}, 6, false}}};
  const cv::Mat mask = mask_from_strokes(fin.bgr, wrong, strokes);
  EXPECT_LT(before, 0.86);
  EXPECT_GT(overlap(mask, fin.mask), 0.93);
  EXPECT_EQ(mask.at<uchar>(240, 15), 0);
  EXPECT_EQ(mask.at<uchar>(80, 178), 255);
}

TEST(ReplaceStretch, ReplacesTheShorterWayInEitherDirection) {
  std::vector<cv::Point2f> square;
  for (int i = 0; i < 100; ++i) square.emplace_back(i, 0);
  for (int i = 0; i < 100; ++i) square.emplace_back(100, i);
  for (int i = 100; i > 0; --i) square.emplace_back(i, 100);
  for (int i = 100; i > 0; --i) square.emplace_back(0, i);
  std::vector<cv::Point2f> stretch{{30, 0}, {50, 40}, {70, 0}};  // a notch of 40 x 40 / 2
  for (int turn = 0; turn < 2; ++turn) {
    EXPECT_NEAR(cv::contourArea(replace_stretch(square, stretch)), 10000 - 800, 1);
    std::reverse(stretch.begin(), stretch.end());
  }
  const std::vector<cv::Point2f> over_the_start{{0, 20}, {30, 30}, {20, 0}};
  EXPECT_NEAR(cv::contourArea(replace_stretch(square, over_the_start)), 10000 - 600, 1);
  EXPECT_THROW(replace_stretch(square, {{1, 1}}), Error);
  EXPECT_THROW(replace_stretch({}, stretch), Error);
}

TEST(ManualFilter, FindsADarkFinAndWithInvertALightOne) {
  const RenderedFin fin = render_fin({400, 380}, 3);
  ManualFilter settings;
  settings.mask = settings.picture = {1, 0, 1};
  EXPECT_GT(overlap(manual_filter(fin.bgr, settings).mask, fin.mask), 0.93);
  const cv::Mat negative = cv::Scalar::all(255) - fin.bgr;
  settings.invert = true;
  EXPECT_GT(overlap(manual_filter(negative, settings).mask, fin.mask), 0.93);
}

TEST(ManualFilter, KeepsThePictureThroughItsOwnCurve) {
  const cv::Mat gray(20, 20, CV_8UC3, cv::Scalar::all(100));
  ManualFilter settings;
  settings.picture = {2, -50, 1};
  EXPECT_EQ(manual_filter(gray, settings).bgr.at<cv::Vec3b>(5, 5), cv::Vec3b(150, 150, 150));
  // The first FinView folded negative values back to bright ones.
  EXPECT_EQ(through_curve(gray, {1, -120, 1}).at<cv::Vec3b>(5, 5), cv::Vec3b(0, 0, 0));
  EXPECT_EQ(through_curve(gray, {1, 0, 0.5}).at<cv::Vec3b>(5, 5), cv::Vec3b(160, 160, 160));
}

TEST(ApplyEdits, KeepWhoAndWhenAndStartOverEachTime) {
  const RenderedFin fin = render_fin({300, 280}, 6);
  const Crop crop = crop_of(fin.bgr);
  const FinOutline automatic = find_outline(crop, shipped_masker());
  const std::vector<cv::Point2f> triangle{{40, 270}, {170, 30}, {280, 270}};
  const std::vector<OutlineEdit> edits{
      {PolygonEdit{triangle, true}, "Ann", "2026-05-01T10:00:00Z"},
      {Strokes{{{{{170, 150}}, 4, true}}}, "Ben", "2026-05-02T11:30:00Z"}};

  const EditedFin first = apply_edits(crop, automatic, std::span(edits).first(1), shipped_masker());
  EXPECT_EQ(first.outline.mask_source, MaskSource::kByHand);
  EXPECT_EQ(first.outline.mask_confidence, 1);
  EXPECT_EQ(first.outline.mask_doubt, MaskDoubt::kNone);
  EXPECT_EQ(first.outline.edited_by, "Ann");
  EXPECT_NEAR(cv::contourArea(first.outline.contour), 240 * 240 / 2.0, 300);
  EXPECT_GT(first.outline.quality.overall, 0);

  const EditedFin both = apply_edits(crop, automatic, edits, shipped_masker());
  EXPECT_EQ(both.outline.edited_by, "Ben");
  EXPECT_EQ(both.outline.edited_at, "2026-05-02T11:30:00Z");
  EXPECT_GT(overlap(both.outline.mask, fin.mask), overlap(first.outline.mask, fin.mask));

  const EditedFin none = apply_edits(crop, automatic, {}, shipped_masker());
  EXPECT_EQ(none.outline.mask_source, MaskSource::kAutomatic);
  EXPECT_EQ(cv::norm(none.outline.mask, automatic.mask), 0);
}

TEST(ApplyEdits, NameTheEditThatLeavesNoFin) {
  const RenderedFin fin = render_fin({200, 190}, 6);
  const std::vector<cv::Point2f> outside{{400, 400}, {420, 380}, {440, 400}};
  const std::vector<OutlineEdit> edits{{PolygonEdit{outside, true}, "Ann", "2026-05-01"}};
  try {
    apply_edits(crop_of(fin.bgr), {}, edits, shipped_masker());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
    EXPECT_NE(std::string(error.what()).find("Edit 1"), std::string::npos);
  }
}

TEST(EditHistory, UndoesRedoesAndForgetsWhatWasUndone) {
  EditHistory history;
  for (const char* who : {"Ann", "Ben", "Cem"}) {
    history = with_edit(history, {ManualFilter(), who, "2026-05-01"});
  }
  EXPECT_EQ(history.num_done, 3U);
  history = with_undone(history, 2);
  EXPECT_EQ(history.num_done, 1U);
  EXPECT_EQ(with_redone(history, 2).num_done, 3U);
  EXPECT_THROW(with_undone(history, 2), Error);
  EXPECT_THROW(with_redone(history, 3), Error);
  history = with_edit(history, {ManualFilter(), "Dan", "2026-05-02"});
  ASSERT_EQ(history.edits.size(), 2U);
  EXPECT_EQ(history.edits.back().who, "Dan");
  EXPECT_THROW(with_redone(history, 1), Error);
}

}  // namespace
}  // namespace finview
