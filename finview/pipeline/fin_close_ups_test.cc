#include "finview/pipeline/fin_close_ups.h"

#include <gtest/gtest.h>

namespace finview {
namespace {

/// Every pixel of channel c at (x, y) is c * 80 + x + y.
DetectionSample photo(std::vector<Detection> boxes) {
  DetectionSample sample;
  sample.name = "photo.jpg";
  sample.width_px = 60;
  sample.height_px = 20;
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < 20; ++y) {
      for (int x = 0; x < 60; ++x) sample.rgb.push_back(static_cast<std::uint8_t>(c * 80 + x + y));
    }
  }
  sample.boxes = std::move(boxes);
  return sample;
}

TEST(FinCloseUps, ShowTheFinWhereThePhotoHasIt) {
  const std::vector<DetectionSample> views = fin_close_ups(photo({{20, 5, 28, 12, 1, 0}}), 5);
  ASSERT_EQ(views.size(), 5U);
  for (const DetectionSample& view : views) {
    ASSERT_EQ(view.rgb.size(), 3U * view.width_px * view.height_px);
    ASSERT_EQ(view.boxes.size(), 1U);
    EXPECT_GT(view.width_px, 14);
    EXPECT_LT(view.width_px, 30);
    // The pixel under the box's corner is the photo's pixel (20, 5).
    const auto x = static_cast<std::size_t>(view.boxes[0].left_px);
    const auto y = static_cast<std::size_t>(view.boxes[0].top_px);
    EXPECT_EQ(view.rgb[y * view.width_px + x], 25);
    EXPECT_EQ(view.rgb.front() + 160, view.rgb[2 * view.rgb.size() / 3]);
    EXPECT_EQ(view.boxes[0].width_px(), 8);
  }
  EXPECT_NE(views[0].name, views[1].name);
}

TEST(FinCloseUps, ShowWaterWhereThereIsNoFin) {
  for (const DetectionSample& view : fin_close_ups(photo({}), 4)) {
    EXPECT_TRUE(view.boxes.empty());
    EXPECT_GE(view.width_px, 2);
    EXPECT_LE(view.height_px, 20);
  }
}

}  // namespace
}  // namespace finview
