#include "finview/detection/detector.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/detection/darknet_network_torch.h"
#include "finview/detection/test_networks.h"

#include <cmath>
#include <string>

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr int kCellPx = 16;

/// A network whose only layer answers to red: each cell of 16 px is a fin where the photo is red,
/// with a box of 32 x 16 px around the cell.
class DetectorTest : public testing::Test {
 protected:
  DetectorTest() {
    const std::string text = net(128, 128) + "[maxpool]\nsize=" + std::to_string(kCellPx) +
                             "\nstride=" + std::to_string(kCellPx) + "\npadding=0\n" +
                             conv(6, 1, 1, "linear", "") +
                             "[yolo]\nmask=0\nanchors=32,16\nclasses=1\nnum=1\n";
    write_file(cfg(), text);
    DarknetNetwork network(parse_darknet_config(text, "red.cfg"));
    const torch::NoGradGuard no_grad;
    auto parameters = network.named_parameters();
    parameters["layer_1.convolution.weight"].zero_();
    parameters["layer_1.convolution.bias"].zero_();
    // Objectness: 20 * (red - green) - 10; the class is certain.
    parameters["layer_1.convolution.weight"][4][0] = 20;
    parameters["layer_1.convolution.weight"][4][1] = -20;
    parameters["layer_1.convolution.bias"][4] = -10;
    parameters["layer_1.convolution.bias"][5] = 20;
    network.save_weights(weights(), 0);
  }

  Detector make(double min_confidence = 0.5, double nms_iou = 0.45) const {
    return Detector({cfg(), weights()}, {min_confidence, nms_iou, "auto"});
  }
  std::filesystem::path cfg() const { return folder_ / "red.cfg"; }
  std::filesystem::path weights() const { return folder_ / "red.weights"; }

  test::ScratchFolder folder_;
};

TEST_F(DetectorTest, FindsWhereThePhotoSaysSo) {
  // The photo has 512 x 256 px and is decoded at half of that; the network sees a quarter.
  Picture picture{cv::Mat(128, 256, CV_8UC3, cv::Scalar(255, 255, 255)), {}, 0.5};
  picture.bgr(cv::Rect(96, 32, 32, 32)).setTo(cv::Scalar(0, 0, 255));
  const auto detections = make().detect(picture);
  ASSERT_EQ(detections.size(), 1U);
  // Center of the red cell: 224, 96; box of 32 x 16 input px.
  EXPECT_NEAR(detections[0].left_px, 224 - 64, 1e-2);
  EXPECT_NEAR(detections[0].right_px, 224 + 64, 1e-2);
  EXPECT_NEAR(detections[0].top_px, 96 - 32, 1e-2);
  EXPECT_NEAR(detections[0].bottom_px, 96 + 32, 1e-2);
  EXPECT_NEAR(detections[0].confidence, 1 / (1 + std::exp(-10.0)), 1e-5);
  EXPECT_EQ(detections[0].class_index, 0);
}

TEST_F(DetectorTest, KeepsAllFinsMostConfidentFirstAndInsideThePhoto) {
  Picture picture{cv::Mat(128, 128, CV_8UC3, cv::Scalar(255, 255, 255)), {}, 1};
  picture.bgr(cv::Rect(0, 0, 16, 16)).setTo(cv::Scalar(0, 0, 200));
  picture.bgr(cv::Rect(112, 112, 16, 16)).setTo(cv::Scalar(0, 0, 255));
  picture.bgr(cv::Rect(64, 64, 16, 16)).setTo(cv::Scalar(0, 0, 190));
  const auto detections = make().detect(picture);
  ASSERT_EQ(detections.size(), 3U);
  EXPECT_GT(detections[0].confidence, detections[1].confidence);
  EXPECT_GT(detections[1].confidence, detections[2].confidence);
  EXPECT_FLOAT_EQ(detections[0].right_px, 128);
  EXPECT_FLOAT_EQ(detections[1].left_px, 0);
  EXPECT_EQ(make(0.9999).detect(picture).size(), 1U);
}

TEST_F(DetectorTest, MergesNeighbors) {
  Picture picture{cv::Mat(128, 128, CV_8UC3, cv::Scalar(255, 255, 255)), {}, 1};
  picture.bgr(cv::Rect(48, 48, 32, 16)).setTo(cv::Scalar(0, 0, 255));
  // Two boxes of 32 px shifted by 16 overlap by a third.
  EXPECT_EQ(make(0.5, 0.45).detect(picture).size(), 2U);
  EXPECT_EQ(make(0.5, 0.30).detect(picture).size(), 1U);
}

TEST_F(DetectorTest, TilesShowWhatIsTooSmallInTheWhole) {
  // The whole is seen at an eighth: the red square has 15 px there, no cell of 16 is all red. Three
  // tiles along the photo see it at a third.
  Picture picture{cv::Mat(512, 1024, CV_8UC3, cv::Scalar(255, 255, 255)), {}, 1};
  const cv::Rect square(450, 100, 120, 120);
  picture.bgr(square).setTo(cv::Scalar(0, 0, 255));
  const Detector detector = make();
  const auto whole = detector.detect(picture);
  EXPECT_TRUE(whole.empty());
  EXPECT_EQ(detector.tiled_longest_px(1024, 512, whole), 333);
  const auto tiled = detector.detect_tiled(picture, whole);
  ASSERT_GE(tiled.size(), 1U);
  for (const Detection& fin : tiled) {
    const cv::Point center(static_cast<int>((fin.left_px + fin.right_px) / 2),
                           static_cast<int>((fin.top_px + fin.bottom_px) / 2));
    EXPECT_TRUE(square.contains(center)) << center;
  }
  // A decode of half the size finds the same place in pixels of the photo.
  Picture half{{}, {}, 0.5};
  cv::resize(picture.bgr, half.bgr, {}, 0.5, 0.5, cv::INTER_AREA);
  const auto again = detector.detect_tiled(half, whole);
  ASSERT_EQ(again.size(), tiled.size());
  EXPECT_NEAR(again[0].left_px, tiled[0].left_px, 4);
  EXPECT_NEAR(again[0].bottom_px, tiled[0].bottom_px, 4);
}

TEST_F(DetectorTest, TilesOnlyWhereTheyAreWanted) {
  Detection near;
  near.right_px = near.bottom_px = 60;
  near.confidence = 0.9F;
  EXPECT_EQ(make().tiled_longest_px(1024, 512, {near}), 0);
  EXPECT_EQ(make().tiled_longest_px(256, 128, {}), 0);
  const Detector off({cfg(), weights()}, {0.5, 0.45, "off"});
  EXPECT_EQ(off.tiled_longest_px(1024, 512, {}), 0);
  const Detector grid({cfg(), weights()}, {0.5, 0.45, "2x1"});
  EXPECT_EQ(grid.tiled_longest_px(1024, 512, {near}), 231);
  EXPECT_THROW(Detector({cfg(), weights()}, {0.5, 0.45, "many"}), Error);
}

TEST_F(DetectorTest, SurvivesPicturesOfEverySize) {
  const Detector detector = make();
  EXPECT_TRUE(detector.detect(Picture{}).empty());
  for (const cv::Size size : {cv::Size(1, 1), {1, 3000}, {3000, 1}, {7, 5}}) {
    const Picture picture{cv::Mat(size, CV_8UC3, cv::Scalar(0, 0, 255)), {}, 1};
    for (const Detection& detection : detector.detect(picture)) {
      EXPECT_GE(detection.left_px, 0);
      EXPECT_LE(detection.right_px, size.width);
      EXPECT_LE(detection.bottom_px, size.height);
    }
  }
}

TEST_F(DetectorTest, NamesItsModelByContent) {
  const std::string id = make().model_id();
  EXPECT_EQ(id.size(), 64U);
  EXPECT_EQ(make(0.1).model_id(), id);
  EXPECT_EQ(make().min_longest_px(), 128);
  write_file(cfg(), read_text_file(cfg()) + "# changed\n");
  EXPECT_NE(make().model_id(), id);
}

TEST_F(DetectorTest, RefusesWhatItCannotUse) {
  const auto kind_of = [](const auto& work) {
    try {
      work();
    } catch (const Error& error) {
      return static_cast<int>(error.kind());
    }
    return -1;
  };
  EXPECT_EQ(kind_of([&] { make(1.5); }), static_cast<int>(ErrorKind::kBadOptions));
  EXPECT_EQ(kind_of([&] {
              Detector({folder_ / "none.cfg", weights()}, {});
            }),
            static_cast<int>(ErrorKind::kNotFound));
  EXPECT_EQ(kind_of([&] {
              Detector({weights(), weights()}, {});
            }),
            static_cast<int>(ErrorKind::kBadModel));
  const Picture grey{cv::Mat(9, 9, CV_8UC1), {}, 1};
  EXPECT_EQ(kind_of([&] { make().detect(grey); }), static_cast<int>(ErrorKind::kBadInput));
}

}  // namespace
}  // namespace finview
