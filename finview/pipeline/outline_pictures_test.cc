#include "finview/pipeline/outline_pictures.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/outline_views.h"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::internal {
namespace {

namespace fs = std::filesystem;

class OutlinePictures : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    cv::Mat picture(100, 120, CV_8UC3, cv::Scalar(200, 150, 100));
    std::vector<std::uint8_t> bytes;
    cv::imencode(".png", picture, bytes);
    write_file(folder_ / "some/a.png", std::span<const std::uint8_t>(bytes));
  }

  std::vector<OutlinePicture> read(const std::string& rows) const {
    write_file(
        folder_ / "table.csv",
        "set,file,left,top,width,height,part,others,known_left,known_right,polygon\n" + rows);
    NoProgress silent;
    return read_outline_pictures(folder_ / "table.csv", folder_, "train", silent);
  }

  fs::path folder_ = fs::path(testing::TempDir()) / "outline_pictures";
};

TEST_F(OutlinePictures, CutThePartAndFillThePolygon) {
  const auto pictures = read(
      "some,a.png,20,10,80,90,train,none,80,60,\"40 100 40 50 80 50 80 100\"\n"
      "some,a.png,0,0,9,9,held-out,none,9,9,\"\"\n");
  ASSERT_EQ(pictures.size(), 1U);
  const OutlinePicture& one = pictures[0];
  EXPECT_EQ(one.bgr.size(), cv::Size(80, 90));
  EXPECT_EQ(one.fin_box, cv::Rect(20, 40, 40, 50));
  EXPECT_EQ(one.fin.at<uchar>(41, 21), 255);
  EXPECT_EQ(one.fin.at<uchar>(38, 21), 0);
  EXPECT_TRUE(one.others_known);
}

TEST_F(OutlinePictures, KnowNothingBelowTheRowsGiven) {
  const OutlinePicture one =
      read("some,a.png,20,10,80,90,train,unknown,80,60,\"40 100 40 50 80 50 80 100\"\n")[0];
  EXPECT_FALSE(one.others_known);
  EXPECT_EQ(one.known.at<uchar>(68, 25), 255);  // left half, above row 80 of the file
  EXPECT_EQ(one.known.at<uchar>(72, 25), 0);
  EXPECT_EQ(one.known.at<uchar>(48, 55), 255);  // right half, above row 60
  EXPECT_EQ(one.known.at<uchar>(52, 55), 0);
  EXPECT_EQ(one.known.at<uchar>(80, 75), 255);  // far from the fin
}

TEST_F(OutlinePictures, SayWhatIsWrongWithATable) {
  EXPECT_THROW(read("some,a.png,20,10,80,90,train,none,80,60,\"40 x\"\n"), Error);
  EXPECT_THROW(read("some,a.png,20,10,800,90,train,none,80,60,\"\"\n"), Error);
  EXPECT_THROW(read("some,b.png,20,10,80,90,train,none,80,60,\"\"\n"), Error);
}

TEST(RenderedOutlinePicture, ShowsItsFinAndIsTheSameForItsSeed) {
  const OutlinePicture one = render_outline_picture(11);
  const OutlinePicture again = render_outline_picture(11);
  EXPECT_EQ(cv::norm(one.bgr, again.bgr, cv::NORM_INF), 0);
  EXPECT_EQ(cv::boundingRect(one.fin), one.fin_box);
  EXPECT_GT(cv::countNonZero(one.fin), 200);
  EXPECT_EQ(cv::countNonZero(one.fin & one.others), 0);
}

/// A white fin before black: pixels and truth must move together.
OutlinePicture white_fin() {
  OutlinePicture picture;
  picture.fin = cv::Mat::zeros(200, 300, CV_8UC1);
  cv::fillConvexPoly(
      picture.fin, std::vector<cv::Point>{{150, 50}, {250, 160}, {40, 160}}, cv::Scalar(255));
  cv::cvtColor(picture.fin, picture.bgr, cv::COLOR_GRAY2BGR);
  picture.known = cv::Mat(picture.fin.size(), CV_8UC1, cv::Scalar(255));
  picture.others = cv::Mat::zeros(picture.fin.size(), CV_8UC1);
  picture.others_known = true;
  picture.fin_box = cv::boundingRect(picture.fin);
  return picture;
}

TEST(OutlineViews, MovePixelsAndTruthTogether) {
  const OutlineView plain = plain_outline_view(white_fin(), 128);
  cv::Mat gray;
  cv::cvtColor(plain.bgr, gray, cv::COLOR_BGR2GRAY);
  EXPECT_LE(cv::norm(gray, plain.fin, cv::NORM_INF, plain.known == 255), 1);
  EXPECT_GT(cv::countNonZero(plain.fin > 127), 2000);

  const std::vector<OutlinePicture> pictures{white_fin()};
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const OutlineView view = random_outline_view(pictures, 0, 128, seed);
    const cv::Mat fin = (view.fin > 200) & (view.known == 255);
    const cv::Mat sea = (view.fin < 55) & (view.others < 55) & (view.known == 255);
    if (cv::countNonZero(fin) < 50 || cv::countNonZero(sea) < 50) continue;
    cv::cvtColor(view.bgr, gray, cv::COLOR_BGR2GRAY);
    EXPECT_GT(cv::mean(gray, fin)[0], cv::mean(gray, sea)[0] + 40) << seed;
  }
}

TEST(OutlineViews, HideThePictureOutsideTheCrop) {
  const OutlineView view = plain_outline_view(white_fin(), 128);
  const cv::Mat unknown = view.known == 0;
  ASSERT_GT(cv::countNonZero(unknown), 0);
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(view.bgr, mean, deviation, unknown);
  EXPECT_EQ(mean[0], 128);
  EXPECT_EQ(deviation[0], 0);
  EXPECT_EQ(cv::countNonZero(view.fin & unknown), 0);
}

}  // namespace
}  // namespace finview::internal
