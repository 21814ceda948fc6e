#include "finview/pipeline/write_outlines.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/outline_pictures.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

namespace fs = std::filesystem;

internal::OutlinePicture rendered_crop(std::uint64_t seed) {
  return internal::fin_crop_of(internal::render_outline_picture(seed));
}

class WriteOutlines : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "fins");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write_png(const std::string& name, const cv::Mat& bgr) const {
    std::vector<std::uint8_t> bytes;
    cv::imencode(".png", bgr, bytes);
    write_file(folder_ / "fins" / name, std::span<const std::uint8_t>(bytes));
  }

  std::vector<OutlinedPicture> run() {
    options_.out = folder_ / "outlines.json";
    options_.sheets = folder_ / "sheets";
    options_.debug = folder_ / "steps";
    NoProgress silent;
    return write_outlines({(folder_ / "fins").string()}, options_, silent, CancelToken());
  }

  fs::path folder_ = fs::path(testing::TempDir()) / "write_outlines";
  OutlineFilesOptions options_;
};

TEST_F(WriteOutlines, GiveContoursInPixelsOfThePicture) {
  const internal::OutlinePicture fin = rendered_crop(4);
  write_png("a.png", fin.bgr);
  run();
  const nlohmann::json json = nlohmann::json::parse(read_text_file(folder_ / "outlines.json"));
  ASSERT_EQ(json["fins"].size(), 1U);
  const nlohmann::json& one = json["fins"][0];
  EXPECT_EQ(one["width_px"], fin.bgr.cols);
  EXPECT_EQ(one["mask_source"], "automatic");
  for (const char* key : {"size", "sharpness", "exposure", "glare", "water", "angle", "overall"}) {
    EXPECT_GT(one["quality"][key], 0) << key;
    EXPECT_LE(one["quality"][key], 1) << key;
  }
  EXPECT_EQ(one["trailing_edge_at"], fin.rendered->side == FinSide::kLeft ? "left" : "right");
  EXPECT_EQ(one["side"], fin.rendered->side == FinSide::kLeft ? "right" : "left");
  EXPECT_EQ(one["trailing_edge"][0], one["tip"]);
  EXPECT_TRUE(one["notches"].is_array());
  std::vector<cv::Point> contour;
  for (const auto& point : one["contour"]) {
    contour.emplace_back(cvRound(point[0].get<double>() - 0.5),
                         cvRound(point[1].get<double>() - 0.5));
  }
  ASSERT_GT(contour.size(), 50U);
  cv::Mat mask = cv::Mat::zeros(fin.fin.size(), CV_8UC1);
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{contour}, cv::Scalar(255));
  EXPECT_GT(cv::countNonZero(mask & fin.fin), 0.85 * cv::countNonZero(mask | fin.fin));
}

TEST_F(WriteOutlines, SayWhatIsWrongAndGoOn) {
  write_png("a.png", cv::Mat(200, 200, CV_8UC3, cv::Scalar(120, 110, 100)));
  write_file(folder_ / "fins/b.jpg", std::string_view("no picture"));
  write_png("c.png", rendered_crop(4).bgr);
  const std::vector<OutlinedPicture> found = run();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_NE(found[0].outline.mask_doubt, MaskDoubt::kNone);
  EXPECT_FALSE(found[1].failure.empty());
  EXPECT_TRUE(found[2].failure.empty());
  EXPECT_FALSE(found[2].outline.contour.empty());
  EXPECT_TRUE(fs::exists(folder_ / "sheets/sheet-000.jpg"));
  EXPECT_FALSE(fs::is_empty(folder_ / "steps"));
}

TEST_F(WriteOutlines, NameThePathsThatAreMissing) {
  NoProgress silent;
  EXPECT_THROW(write_outlines({"no such folder"}, options_, silent, CancelToken()), Error);
}

}  // namespace
}  // namespace finview
