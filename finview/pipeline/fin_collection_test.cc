#include "finview/pipeline/fin_collection.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

namespace finview {
namespace {

class FinCollectionTest : public testing::Test {
 protected:
  FinCollectionTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(folder_);
  }
  ~FinCollectionTest() override { std::filesystem::remove_all(folder_); }

  void write_picture(const std::string& name, int width_px, int height_px) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    cv::imwrite((folder_ / name).string(),
                cv::Mat(height_px, width_px, CV_8UC3, cv::Scalar(10, 20, 30)));
  }

  std::filesystem::path folder_;
  NoProgress progress_;
};

TEST_F(FinCollectionTest, TableGivesIndividualsAndEncountersWithoutIgnoredRows) {
  write_picture("a.png", 40, 30);
  write_picture("sub/b.png", 40, 30);
  write_picture("c.png", 40, 30);
  write_picture("d.png", 40, 30);
  write_file(folder_ / "labels.csv",
             std::string_view("file,individual,date,encounter,role\n"
                              "a.png,Nick,2001-01-01,E1,\n"
                              "sub/b.png,,2001-01-02,E2,\n"
                              "c.png,Nick,2001-01-03,E3,ignore\n"
                              "d.png,Nick,2001-01-04,E4,gallery\n"
                              "missing.png,Nick,2001-01-03,E3,\n"));
  const std::vector<CollectedFin> fins = read_labelled_fins(folder_, progress_);
  ASSERT_EQ(fins.size(), 3U);
  EXPECT_TRUE(fins[0].label.asks);
  EXPECT_FALSE(fins[2].label.asks);
  EXPECT_EQ(fins[0].label.individual, "Nick");
  EXPECT_EQ(fins[0].label.group, "E1");
  EXPECT_EQ(fins[1].label.individual, "");
  EXPECT_EQ(fins[1].crop.bgr.size(), cv::Size(40, 30));
}

TEST_F(FinCollectionTest, FoldersNameIndividuals) {
  write_picture("0001/a.png", 40, 30);
  write_picture("0002/a.png", 40, 30);
  const std::vector<CollectedFin> fins = read_labelled_fins(folder_, progress_);
  ASSERT_EQ(fins.size(), 2U);
  EXPECT_EQ(fins[1].label.individual, "0002");
}

TEST_F(FinCollectionTest, BoxesAreCutOutOfUnlabelledPhotos) {
  write_picture("two.png", 200, 100);
  write_picture("none.png", 200, 100);
  write_picture("whole.png", 2000, 1000);
  write_file(folder_ / "labels/two.txt",
             std::string_view("0 0.25 0.5 0.2 0.4\n0 0.75 0.5 0.1 0.2\n"));
  write_file(folder_ / "labels/none.txt", std::string_view(""));
  const std::vector<CollectedFin> fins = read_unlabelled_fins(folder_, progress_);
  ASSERT_EQ(fins.size(), 3U);
  // 40 x 40 px with 0.15 x 40 px on every side.
  EXPECT_EQ(fins[0].crop.bgr.size(), cv::Size(52, 52));
  EXPECT_EQ(fins[1].crop.bgr.size(), cv::Size(26, 26));
  EXPECT_EQ(fins[2].crop.bgr.size(), cv::Size(512, 256)) << "shrunk to 512 px";
}

TEST_F(FinCollectionTest, NothingReadableIsAnError) {
  EXPECT_THROW(read_unlabelled_fins(folder_, progress_), Error);
  EXPECT_THROW(read_unlabelled_fins(folder_ / "none", progress_), Error);
  write_file(folder_ / "broken.png", std::string_view("no picture"));
  EXPECT_THROW(read_unlabelled_fins(folder_, progress_), Error);
}

}  // namespace
}  // namespace finview
