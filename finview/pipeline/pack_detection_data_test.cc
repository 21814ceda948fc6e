#include "finview/pipeline/pack_detection_data.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/training/detection_pack.h"

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

class PackDetectionData : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "pack_detection_data";
    std::filesystem::remove_all(folder_);
  }

  void write_png(const char* name, const cv::Mat& bgr) {
    std::vector<std::uint8_t> bytes;
    cv::imencode(".png", bgr, bytes);
    write_file(folder_ / name, std::span<const std::uint8_t>(bytes));
  }

  DetectionDataCounts pack() {
    NoProgress silent;
    return pack_detection_data(data_, folder_ / "train.pack", folder_ / "held.pack", silent);
  }

  std::filesystem::path folder_;
  DetectionData data_;
};

TEST_F(PackDetectionData, KeepsPixelsAndBoxesAndHoldsOut) {
  write_png("photos/a.png", cv::Mat(50, 100, CV_8UC3, cv::Scalar(1, 2, 3)));
  write_png("photos/b.png", cv::Mat(50, 100, CV_8UC3, cv::Scalar(1, 2, 3)));
  write_png("photos/unlabelled.png", cv::Mat(50, 100, CV_8UC3));
  write_file(folder_ / "photos/labels/a.txt", std::string_view("0 0.5 0.5 0.2 0.4\n"));
  write_file(folder_ / "photos/labels/b.txt", std::string_view(""));
  write_file(folder_ / "held.txt", std::string_view("# kept back\nb.png\n"));
  data_.labelled_folders = {(folder_ / "photos").string()};
  data_.held_out = (folder_ / "held.txt").string();
  const DetectionDataCounts counts = pack();
  EXPECT_EQ(counts.num_photos, 1U);
  EXPECT_EQ(counts.num_held_out, 1U);
  const DetectionPack train = DetectionPack::read(folder_ / "train.pack");
  ASSERT_EQ(train.samples.size(), 1U);
  EXPECT_EQ(train.samples[0].rgb.front(), 3);  // red first
  EXPECT_EQ(train.samples[0].rgb.back(), 1);
  EXPECT_FLOAT_EQ(train.samples[0].boxes.at(0).left_px, 40);
  EXPECT_EQ(DetectionPack::read(folder_ / "held.pack").samples.at(0).name, "b.png");
}

TEST_F(PackDetectionData, ReadsPhotosInFoldersBesideTheirLabels) {
  write_png("survey/photos/day/a.png", cv::Mat(400, 800, CV_8UC3));
  write_file(folder_ / "survey/labels/day/a.txt", std::string_view("0 0.5 0.5 0.2 0.4\n"));
  data_.labelled_folders = {(folder_ / "survey").string()};
  data_.max_side_px = 400;
  EXPECT_EQ(pack().num_photos, 1U);
  const DetectionPack train = DetectionPack::read(folder_ / "train.pack");
  EXPECT_EQ(train.samples.at(0).width_px, 400);
  EXPECT_FLOAT_EQ(train.samples[0].boxes.at(0).right_px, 240);
}

TEST_F(PackDetectionData, HoldsOutByPathAsDatasetSplitWritesIt) {
  for (const char* photo : {"photos/day1/a.png", "photos/day2/a.png"}) {
    write_png(photo, cv::Mat(50, 100, CV_8UC3));
  }
  write_file(folder_ / "labels/day1/a.txt", std::string_view("0 0.5 0.5 0.2 0.4\n"));
  write_file(folder_ / "labels/day2/a.txt", std::string_view(""));
  data_.labelled_folders = {folder_.string()};
  data_.held_out = (folder_ / "held.txt").string();
  for (const std::string& line :
       {std::string("day2/a.png"), (folder_ / "photos/day2/a.png").string()}) {
    write_file(folder_ / "held.txt", std::string_view(line + "\n"));
    const DetectionDataCounts counts = pack();
    EXPECT_EQ(counts.num_held_out, 1U) << line;
    EXPECT_EQ(counts.num_photos, 1U) << line;
  }
  write_file(folder_ / "held.txt", std::string_view("y2/a.png\n"));
  EXPECT_THROW(pack(), Error);
}

TEST_F(PackDetectionData, ShowsWhatWasTakenForAFinAgain) {
  cv::Mat photo(100, 200, CV_8UC3, cv::Scalar(1, 2, 3));
  photo(cv::Rect(100, 40, 20, 10)).setTo(cv::Scalar(7, 8, 9));
  write_png("sea/a.png", photo);
  write_png("sea/held.png", photo);
  std::string table = "photo,fin,left_px,top_px,width_px,height_px,confidence\n";
  for (const char* name : {"a.png", "held.png"}) {
    table += (folder_ / "sea" / name).string() + ",1,100,40,20,10,0.7\n";
  }
  write_file(folder_ / "finds.csv", std::string_view(table));
  write_file(folder_ / "held.txt", std::string_view("held.png\n"));
  data_.fin_free_folders = {(folder_ / "sea").string()};
  data_.finds = (folder_ / "finds.csv").string();
  data_.held_out = (folder_ / "held.txt").string();
  data_.max_side_px = 100;
  const DetectionDataCounts counts = pack();
  EXPECT_EQ(counts.num_wrong_finds, 1U);
  EXPECT_EQ(counts.num_fin_free, 1U);
  const DetectionPack train = DetectionPack::read(folder_ / "train.pack");
  ASSERT_EQ(train.samples.size(), 2U);
  const DetectionSample& view = train.samples[0];
  EXPECT_EQ(view.width_px, 60);  // 6 x 10 px: the photo is packed at half its size
  EXPECT_EQ(view.height_px, 50);
  EXPECT_EQ(view.rgb[std::size_t{60} * 22 + 30], 9);  // the find: red
  EXPECT_EQ(view.rgb.front(), 3);
  EXPECT_EQ(DetectionPack::read(folder_ / "held.pack").samples.size(), 1U);
  write_file(folder_ / "finds.csv", std::string_view(table + "sea/b.png,1,1,1,1,1,0.7\n"));
  EXPECT_THROW(pack(), Error);
}

TEST_F(PackDetectionData, TellsAFinFromTheWater) {
  cv::Mat close_up(100, 120, CV_8UC3, cv::Scalar(180, 140, 90));
  cv::randn(close_up, cv::Scalar(180, 140, 90), cv::Scalar(4, 4, 4));
  const std::vector<cv::Point> fin{{20, 79}, {70, 20}, {99, 79}};
  cv::fillConvexPoly(close_up, fin, cv::Scalar(40, 40, 45));
  write_png("close/one.png", close_up);
  write_file(folder_ / "close.csv",
             std::string_view("file,left,top,right,bottom\none.png,16.67,20,83.33,80\n"));
  data_.cutouts = (folder_ / "close.csv").string();
  data_.cutouts_folder = (folder_ / "close").string();
  const DetectionDataCounts counts = pack();
  EXPECT_EQ(counts.num_cutouts, 1U);
  ASSERT_EQ(counts.num_masks, 1U);
  const DetectionSample sample = DetectionPack::read(folder_ / "train.pack").samples.at(0);
  cv::Mat truth = cv::Mat::zeros(100, 120, CV_8UC1);
  cv::fillConvexPoly(truth, fin, cv::Scalar(255));
  const cv::Mat mask = cv::Mat(sample.mask, true).reshape(1, 100) > 127;
  const double both = cv::countNonZero(mask & truth);
  const double either = cv::countNonZero(mask | truth);
  EXPECT_GT(both / either, 0.9);
}

TEST_F(PackDetectionData, RefusesAHeldOutNameThatNoFolderHas) {
  write_png("photos/a.png", cv::Mat(50, 100, CV_8UC3));
  write_file(folder_ / "photos/labels/a.txt", std::string_view(""));
  write_file(folder_ / "held.txt", std::string_view("A.png\n"));
  data_.labelled_folders = {(folder_ / "photos").string()};
  data_.held_out = (folder_ / "held.txt").string();
  EXPECT_THROW(pack(), Error);
}

}  // namespace
}  // namespace finview
