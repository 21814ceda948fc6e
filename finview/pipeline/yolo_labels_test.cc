#include "finview/pipeline/yolo_labels.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <gtest/gtest.h>

namespace finview {
namespace {

std::filesystem::path written(std::string_view text) {
  const auto path = std::filesystem::path(testing::TempDir()) / "yolo_labels_test.txt";
  write_file(path, text);
  return path;
}

TEST(YoloLabels, AreInPixelsAndClipped) {
  const auto boxes = read_yolo_labels(written("0 0.5 0.5 0.2 0.4\r\n\n1 1.0 0 0.2 0.2\n"), 100, 50);
  ASSERT_TRUE(boxes);
  ASSERT_EQ(boxes->size(), 2U);
  EXPECT_FLOAT_EQ((*boxes)[0].left_px, 40);
  EXPECT_FLOAT_EQ((*boxes)[0].top_px, 15);
  EXPECT_FLOAT_EQ((*boxes)[0].right_px, 60);
  EXPECT_FLOAT_EQ((*boxes)[0].bottom_px, 35);
  EXPECT_EQ((*boxes)[1].class_index, 1);
  EXPECT_FLOAT_EQ((*boxes)[1].left_px, 90);
  EXPECT_FLOAT_EQ((*boxes)[1].right_px, 100);
  EXPECT_FLOAT_EQ((*boxes)[1].top_px, 0);
}

TEST(YoloLabels, NoFileIsNotAnEmptyFile) {
  EXPECT_FALSE(read_yolo_labels("no such file.txt", 10, 10));
  EXPECT_TRUE(read_yolo_labels(written(""), 10, 10)->empty());
}

TEST(YoloLabels, FaultsNameTheLine) {
  for (const char* bad : {"0 0.5 0.5 0.1 0.1\n0 0.5 0.5\n",
                          "0 0.5 0.5 0.1 0.1\n0 50 50 10 10\n",
                          "0 0.5 0.5 0.1 0.1\n0 0.5 0.5 0.1 0.1 7\n"}) {
    try {
      read_yolo_labels(written(bad), 100, 100);
      ADD_FAILURE() << bad;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("line 2"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace finview
