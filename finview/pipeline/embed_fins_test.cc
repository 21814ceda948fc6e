#include "finview/pipeline/embed_fins.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/fin_rows.h"

#include <cmath>

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

/// A dark fin on light water, its trailing edge bent by `bend` pixels.
void write_fin(const std::filesystem::path& path, int bend) {
  std::filesystem::create_directories(path.parent_path());
  cv::Mat picture(220, 240, CV_8UC3, cv::Scalar(190, 170, 150));
  const std::vector<cv::Point> shape = {
      {30, 219}, {150, 25}, {160, 40}, {150 - bend, 120}, {185, 219}};
  cv::fillPoly(picture, std::vector{shape}, cv::Scalar(60, 55, 50));
  cv::imwrite(path.string(), picture);
}

TEST(EmbedFins, WritesTheSameNumbersInEveryForm) {
  const test::ScratchFolder folder;
  write_fin(folder / "fins/a/1.png", 10);
  write_fin(folder / "fins/b/2.png", 40);
  write_file(folder / "fins/b/broken.png", std::string_view("text"));
  NoProgress silent;
  const auto embedded = embed_fins(folder / "fins", "", folder / "e.npy", silent, {});
  ASSERT_TRUE(embedded);
  EXPECT_EQ(embedded->num_fins, 2U);
  const FinRowOptions with_table{(folder / "e.npy.csv").string(), ""};
  const auto matrix = read_fin_rows((folder / "e.npy").string(), with_table, silent, {});
  ASSERT_EQ(matrix->num_dims, embedded->num_dims);
  EXPECT_EQ(matrix->table.rows[1].individual, "b");
  for (std::size_t i = 0; i < 2; ++i) {
    double square = 0;
    for (std::size_t d = 0; d < matrix->num_dims; ++d) {
      square += std::pow(matrix->values[i * matrix->num_dims + d], 2);
    }
    EXPECT_NEAR(square, 1, 1e-4);
  }
  for (const char* name : {"e.csv", "e.json"}) {
    embed_fins(folder / "fins", "", folder / name, silent, {});
    const auto table = read_fin_rows((folder / name).string(), {}, silent, {});
    ASSERT_EQ(table->values.size(), matrix->values.size());
    for (std::size_t i = 0; i < table->values.size(); ++i) {
      EXPECT_NEAR(table->values[i], matrix->values[i], 1e-5);
    }
  }
}

TEST(EmbedFins, RefusesWhatItCannotWriteOrRead) {
  const test::ScratchFolder folder;
  NoProgress silent;
  EXPECT_THROW(embed_fins(folder.path(), "", folder / "e.txt", silent, {}), Error);
  EXPECT_THROW(embed_fins(folder / "none", "", folder / "e.csv", silent, {}), Error);
}

}  // namespace
}  // namespace finview
