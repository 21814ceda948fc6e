#include "finview/detection/tiling.h"

#include "finview/base/error.h"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>

namespace finview {
namespace {

Detection box(float left, float top, float right, float bottom, float confidence = 0.9F) {
  Detection result;
  result.left_px = left;
  result.top_px = top;
  result.right_px = right;
  result.bottom_px = bottom;
  result.confidence = confidence;
  return result;
}

TEST(Tiling, ReadsWhatTheUserSays) {
  EXPECT_EQ(Tiling::parse("auto").mode, Tiling::Mode::kAuto);
  EXPECT_EQ(Tiling::parse("off").mode, Tiling::Mode::kOff);
  const Tiling grid = Tiling::parse("4x3");
  EXPECT_EQ(grid.mode, Tiling::Mode::kGrid);
  EXPECT_EQ(grid.columns, 4);
  EXPECT_EQ(grid.rows, 3);
  for (const char* bad : {"", "x", "3x", "0x2", "33x1", "2x2x2", "-1x2", "2 x 2", "on"}) {
    EXPECT_THROW(Tiling::parse(bad), Error) << bad;
  }
}

TEST(Tiling, AutoLooksCloserOnlyWhereItMayPay) {
  const Tiling automatic;
  const std::vector<Detection> near{box(0, 0, 400, 300)};
  const std::vector<Detection> far{box(0, 0, 60, 60)};
  EXPECT_EQ(tile_grid(automatic, 6000, 4000, 640, {}), cv::Size(3, 2));
  EXPECT_EQ(tile_grid(automatic, 4000, 6000, 640, far), cv::Size(2, 3));
  EXPECT_EQ(tile_grid(automatic, 6000, 4000, 640, near), cv::Size());
  const std::vector<Detection> doubtful{box(0, 0, 400, 300, 0.4F)};
  EXPECT_EQ(tile_grid(automatic, 6000, 4000, 640, doubtful), cv::Size(3, 2));
  EXPECT_EQ(tile_grid(automatic, 2400, 1600, 640, {}), cv::Size());
  EXPECT_EQ(tile_grid(automatic, 6000, 1500, 640, {}), cv::Size(3, 1));
  EXPECT_EQ(tile_grid(Tiling::parse("off"), 6000, 4000, 640, {}), cv::Size());
  EXPECT_EQ(tile_grid(Tiling::parse("1x2"), 600, 400, 640, near), cv::Size(1, 2));
}

/// Whatever the grid, a fin of the overlap's size lies whole in a tile.
TEST(Tiling, EveryFinOfTheOverlapsSizeLiesWholeInATile) {
  const cv::Size picture(1664, 1107);
  for (const cv::Size grid : {cv::Size(1, 1), cv::Size(3, 2), cv::Size(5, 7)}) {
    const auto regions = tile_regions(picture, grid);
    ASSERT_EQ(regions.size(), static_cast<std::size_t>(grid.area()));
    const int side_x = static_cast<int>(kTileOverlap * regions[0].width) - 1;
    const int side_y = static_cast<int>(kTileOverlap * regions[0].height) - 1;
    for (int y = 0; y + side_y <= picture.height; y += 7) {
      for (int x = 0; x + side_x <= picture.width; x += 7) {
        const cv::Rect fin(x, y, side_x, side_y);
        bool whole = false;
        for (const cv::Rect& region : regions) whole = whole || (region & fin) == fin;
        ASSERT_TRUE(whole) << fin << " in " << grid;
      }
    }
    for (const cv::Rect& region : regions) {
      EXPECT_EQ(region & cv::Rect({}, picture), region);
    }
  }
}

TEST(Tiling, PhotosAreDecodedAsLargeAsTheTilesShow) {
  EXPECT_EQ(tiled_longest_px({3, 2}, 6000, 4000, 640), 1664);
  EXPECT_EQ(tiled_longest_px({3, 2}, 4000, 6000, 640), 1152);  // two rows of 640
  EXPECT_EQ(tiled_longest_px({8, 8}, 1000, 700, 640), 1000);
}

TEST(Tiling, BoxesCutByATileAreLeftOut) {
  const cv::Rect tile(500, 0, 640, 640);
  const cv::Size picture(1664, 640);
  const auto kept = without_cut_boxes({box(501, 100, 560, 150),    // cut at the left
                                       box(600, 0, 700, 80),       // the picture's own top
                                       box(1100, 300, 1138, 350),  // cut at the right
                                       box(600, 600, 700, 640)},   // the picture's own bottom
                                      tile,
                                      picture);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].top_px, 0);
  EXPECT_EQ(kept[1].bottom_px, 640);
}

TEST(Tiling, TheSurerOfTwoLooksStays) {
  const auto merged = merge_looks({box(0, 0, 100, 100, 0.8F),
                                   box(10, 50, 60, 98, 0.6F),    // a part of the first
                                   box(2, 0, 104, 101, 0.7F),    // the first again
                                   box(90, 0, 190, 100, 0.5F)},  // its neighbor
                                  0.45);
  ASSERT_EQ(merged.size(), 2U);
  EXPECT_FLOAT_EQ(merged[0].confidence, 0.8F);
  EXPECT_FLOAT_EQ(merged[1].confidence, 0.5F);
}

}  // namespace
}  // namespace finview
