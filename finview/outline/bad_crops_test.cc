// What no outline can be trusted of gets a reason; nothing crashes, nothing becomes a mask of the
// whole crop.
#include "finview/outline/fin_edge.h"
#include "finview/outline/fin_masker.h"
#include "finview/outline/find_outline.h"
#include "finview/outline/find_parts.h"
#include "finview/outline/rendered_fin_testing.h"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

const FinMasker& masker() {
  static const FinMasker masker(std::filesystem::path(FINVIEW_SOURCE_DIR) /
                                "models/fin-outline.fvm");
  return masker;
}

FinOutline outline_of(const cv::Mat& bgr) {
  Crop crop;
  crop.bgr = bgr;
  FinOutline outline = find_outline(crop, masker());
  EXPECT_EQ(outline.mask.size(), bgr.size());
  EXPECT_LT(cv::countNonZero(outline.mask), 0.95 * static_cast<double>(bgr.total()));
  EXPECT_EQ(outline.contour.empty(), outline.mask_source == MaskSource::kNone);
  EXPECT_NO_THROW(find_parts(outline));
  EXPECT_NO_THROW(find_edge(outline));
  return outline;
}

/// Rows of waves, lit from above.
cv::Mat sea(const cv::Size& size) {
  cv::Mat picture(size, CV_8UC3);
  for (int y = 0; y < size.height; ++y) {
    picture.row(y) = cv::Scalar(150, 120, 90) + cv::Scalar::all(12 * std::sin(y / 7.0));
  }
  return picture;
}

TEST(BadCrops, NoFin) {
  const FinOutline outline = outline_of(sea({300, 240}));
  EXPECT_NE(outline.mask_doubt, MaskDoubt::kNone);
}

TEST(BadCrops, SeveralFins) {
  const RenderedFin near = render_fin({300, 280}, 5);
  cv::Mat both;
  cv::hconcat(near.bgr, render_fin({300, 280}, 8).bgr, both);
  EXPECT_NE(outline_of(both).mask_doubt, MaskDoubt::kNone);
}

TEST(BadCrops, CutByTheFrame) {
  const RenderedFin fin = render_fin({400, 400}, 5);
  const cv::Rect box = cv::boundingRect(fin.mask);
  EXPECT_EQ(outline_of(fin.bgr.rowRange(box.y + box.height * 2 / 5, 400)).mask_doubt,
            MaskDoubt::kCutByFrame);
}

TEST(BadCrops, Silhouette) {
  RenderedFin fin = render_fin({320, 300}, 5);
  fin.bgr.setTo(cv::Scalar::all(5), fin.mask);
  EXPECT_EQ(outline_of(fin.bgr).mask_doubt, MaskDoubt::kSilhouette);
}

TEST(BadCrops, Overexposed) {
  RenderedFin fin = render_fin({320, 300}, 5);
  fin.bgr.setTo(cv::Scalar(254, 255, 255), fin.mask);
  const FinOutline outline = outline_of(fin.bgr);
  EXPECT_EQ(outline.mask_doubt, MaskDoubt::kOverexposed);
}

TEST(BadCrops, FewPixels) {
  cv::Mat small;
  cv::resize(render_fin({400, 360}, 5).bgr, small, {22, 20}, 0, 0, cv::INTER_AREA);
  EXPECT_EQ(outline_of(small).mask_doubt, MaskDoubt::kTooSmall);
  for (const cv::Size size : {cv::Size(1, 60), cv::Size(60, 1), cv::Size(1, 1), cv::Size(7, 7)}) {
    const FinOutline outline = outline_of(cv::Mat(size, CV_8UC3, cv::Scalar::all(90)));
    EXPECT_EQ(outline.mask_source, MaskSource::kNone) << size;
    EXPECT_EQ(outline.mask_doubt, MaskDoubt::kTooSmall) << size;
  }
}

TEST(BadCrops, Transparent) {
  Crop crop;
  crop.bgr = render_fin({200, 180}, 5).bgr;
  crop.alpha = cv::Mat::zeros(crop.bgr.size(), CV_8UC1);
  EXPECT_EQ(find_outline(crop, masker()).mask_doubt, MaskDoubt::kNoFin);
  EXPECT_EQ(find_outline(Crop(), masker()).mask_doubt, MaskDoubt::kNoFin);
}

TEST(BadCrops, FlatPictures) {
  for (const int level : {0, 128, 255}) {
    const FinOutline outline = outline_of(cv::Mat(200, 220, CV_8UC3, cv::Scalar::all(level)));
    EXPECT_NE(outline.mask_doubt, MaskDoubt::kNone) << level;
  }
}

}  // namespace
}  // namespace finview
