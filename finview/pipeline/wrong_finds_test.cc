#include "finview/pipeline/wrong_finds.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

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

TEST(WrongFinds, AreSeenWithTheirSurroundings) {
  const std::vector<DetectionSample> views =
      wrong_find_views(photo({}), {{30, 9, 32, 11, 1, 0}, {58, 0, 60, 1, 1, 0}});
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views[0].width_px, 12);
  EXPECT_EQ(views[0].height_px, 12);
  EXPECT_EQ(views[0].rgb.front(), 25 + 4);
  EXPECT_EQ(views[0].rgb[2 * 144], 160 + 25 + 4);
  EXPECT_EQ(views[1].width_px, 7);  // 53 to 60: clipped
  EXPECT_TRUE(views[0].boxes.empty());
  EXPECT_NE(views[0].name, views[1].name);
}

TEST(WrongFinds, KeepTheLabelsThatLieInTheView) {
  const std::vector<DetectionSample> views =
      wrong_find_views(photo({{20, 5, 24, 9, 1, 0}}), {{26, 6, 29, 9, 1, 0}});
  ASSERT_EQ(views.size(), 1U);
  ASSERT_EQ(views[0].boxes.size(), 1U);
  EXPECT_EQ(views[0].boxes[0].width_px(), 4);
  const auto x = static_cast<std::size_t>(views[0].boxes[0].left_px);
  const auto y = static_cast<std::size_t>(views[0].boxes[0].top_px);
  EXPECT_EQ(views[0].rgb[y * views[0].width_px + x], 25);
}

TEST(WrongFinds, AreNoneWhereThereIsAFin) {
  EXPECT_TRUE(wrong_find_views(photo({{20, 5, 28, 12, 1, 0}}), {{27, 11, 34, 18, 1, 0}}).empty());
}

TEST(WrongFinds, AreReadFromATable) {
  const std::filesystem::path table = std::filesystem::path(testing::TempDir()) / "finds.csv";
  const std::string head = "photo,fin,left_px,top_px,width_px,height_px,confidence\n";
  write_file(table, std::string_view(head + "a/1.jpg,1,10.5,20,4,3,0.9\na/1.jpg,2,0,0,1,1,0.5\n"));
  const FindsByPhoto finds = read_finds(table);
  ASSERT_EQ(finds.at("a/1.jpg").size(), 2U);
  EXPECT_FLOAT_EQ(finds.at("a/1.jpg")[0].right_px, 14.5F);
  EXPECT_FLOAT_EQ(finds.at("a/1.jpg")[0].bottom_px, 23);
  write_file(table, std::string_view(head + "a/1.jpg,1,10.5,20,wide,3,0.9\n"));
  EXPECT_THROW(read_finds(table), Error);
}

}  // namespace
}  // namespace finview
