#include "finview/outline/fin_masker.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/crop/crop.h"
#include "finview/outline/find_outline.h"
#include "finview/outline/rendered_fin_testing.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

/// The model FinView ships.
class FinMaskerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    masker_ = new FinMasker(std::filesystem::path(FINVIEW_SOURCE_DIR) / "models/fin-outline.fvm");
  }
  static void TearDownTestSuite() { delete masker_; }

  static FoundMask find(const cv::Mat& bgr) {
    const FoundMask found = masker_->find(bgr);
    EXPECT_EQ(found.mask.size(), bgr.size());
    EXPECT_EQ(found.cover.size(), bgr.size());
    EXPECT_LT(cv::countNonZero(found.mask), 0.95 * static_cast<double>(bgr.total()));
    EXPECT_EQ(cv::countNonZero(found.mask) > 0, found.confidence > 0);
    EXPECT_TRUE(cv::countNonZero(found.mask) > 0 || found.doubt != MaskDoubt::kNone);
    return found;
  }

  static const FinMasker* masker_;
};
const FinMasker* FinMaskerTest::masker_ = nullptr;

TEST_F(FinMaskerTest, FindsFinsOfAnySize) {
  for (const cv::Size size : {cv::Size(120, 110), cv::Size(400, 360), cv::Size(700, 900)}) {
    const RenderedFin fin = render_fin(size, 5);
    const FoundMask found = find(fin.bgr);
    EXPECT_GT(overlap(found.mask, fin.mask), 0.9) << size;
    EXPECT_GT(found.confidence, 0.3) << size;
  }
}

TEST_F(FinMaskerTest, IsTheSameEveryTime) {
  const RenderedFin fin = render_fin({300, 260}, 7);
  EXPECT_EQ(cv::norm(find(fin.bgr).mask, find(fin.bgr).mask), 0);
}

TEST_F(FinMaskerTest, SaysThatThereIsNoFin) {
  cv::Mat sea(240, 300, CV_8UC3);
  for (int y = 0; y < sea.rows; ++y) {
    sea.row(y) = cv::Scalar(150, 120, 90) + cv::Scalar::all(12 * std::sin(y / 7.0));
  }
  for (const cv::Mat& bgr : {sea,
                             cv::Mat(200, 200, CV_8UC3, cv::Scalar::all(0)),
                             cv::Mat(200, 200, CV_8UC3, cv::Scalar::all(255))}) {
    const FoundMask found = find(bgr);
    EXPECT_NE(found.doubt, MaskDoubt::kNone);
  }
}

TEST_F(FinMaskerTest, SaysThatTheFrameCutsTheFin) {
  const RenderedFin fin = render_fin({400, 400}, 5);
  const cv::Rect box = cv::boundingRect(fin.mask);
  const int top = box.y + box.height * 2 / 5;
  EXPECT_EQ(find(fin.bgr.rowRange(top, 400)).doubt, MaskDoubt::kCutByFrame);
}

TEST_F(FinMaskerTest, SaysThatThereAreTooFewPixels) {
  EXPECT_EQ(find(cv::Mat(50, 1, CV_8UC3, cv::Scalar::all(90))).doubt, MaskDoubt::kTooSmall);
  EXPECT_EQ(find(cv::Mat(1, 50, CV_8UC3, cv::Scalar::all(90))).doubt, MaskDoubt::kTooSmall);
  EXPECT_EQ(find(cv::Mat(20, 300, CV_8UC3, cv::Scalar::all(90))).doubt, MaskDoubt::kTooSmall);
  cv::Mat small;
  cv::resize(render_fin({400, 360}, 5).bgr, small, {22, 20}, 0, 0, cv::INTER_AREA);
  EXPECT_NE(find(small).doubt, MaskDoubt::kNone);
}

TEST_F(FinMaskerTest, GivesAnOutlineBetweenThePixels) {
  const RenderedFin fin = render_fin({320, 300}, 9);
  Crop crop;
  crop.bgr = fin.bgr;
  const FinOutline outline = find_outline(crop, *masker_);
  EXPECT_EQ(outline.mask_source, MaskSource::kAutomatic);
  ASSERT_GT(outline.contour.size(), 400U);
  EXPECT_NEAR(cv::contourArea(outline.contour), cv::countNonZero(outline.mask), 400);
}

TEST_F(FinMaskerTest, LeavesAlphaChannelsFirst) {
  const RenderedFin fin = render_fin({200, 200}, 9);
  Crop crop;
  crop.bgr = cv::Mat(200, 200, CV_8UC3, cv::Scalar::all(90));
  crop.alpha = fin.mask;
  const FinOutline outline = find_outline(crop, *masker_);
  EXPECT_EQ(outline.mask_source, MaskSource::kAlpha);
  EXPECT_GT(overlap(outline.mask, fin.mask), 0.99);
}

TEST(FinMaskerFile, MustBeAModelOfItsKind) {
  EXPECT_THROW(FinMasker("no such file"), Error);
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "not-a-model.fvm";
  write_file(path, std::string_view("fins"));
  EXPECT_THROW(FinMasker{path}, Error);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace finview
