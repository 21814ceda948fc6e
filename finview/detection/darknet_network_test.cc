#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/detection/darknet_network_torch.h"
#include "finview/detection/test_networks.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/dnn.hpp>
#include <torch/torch.h>
#include <unistd.h>

namespace finview {
namespace {

/// Weights as a trained network has them: the spread of the activations is alike in all layers.
void randomize(DarknetNetwork& network) {
  const torch::NoGradGuard no_grad;
  for (const auto& module : network.modules(false)) {
    if (auto* norm = module->as<torch::nn::BatchNorm2d>()) {
      norm->weight.uniform_(0.5, 1.5);
      norm->bias.uniform_(-0.5, 0.5);
      norm->options.momentum(1.0);
    }
    const auto* convolution = module->as<torch::nn::Conv2d>();
    if (convolution != nullptr && convolution->bias.defined()) {
      // The heads: boxes of about the anchors' sizes.
      torch::Tensor(convolution->weight).mul_(0.3);
      torch::Tensor(convolution->bias).uniform_(-0.5, 0.5);
    }
  }
  // With a momentum of one, the statistics become those of this batch.
  network.train();
  network.forward(torch::rand({2, 3, network.input_height_px(), network.input_width_px()}));
  network.eval();
}

std::filesystem::path temporary_file(const std::string& name) {
  return std::filesystem::temp_directory_path() /
         ("finview-detection-" + std::to_string(::getpid()) + "-" + name);
}

/// Rows of OpenCV's own Darknet reader for the same input, head by head, in our order and with
/// the class probability beside objectness as it gives it (already multiplied).
std::vector<torch::Tensor> opencv_rows(const std::string& cfg,
                                       const DarknetNetwork& network,
                                       const torch::Tensor& input) {
  const auto path = temporary_file("parity.weights");
  network.save_weights(path, 0);
  const std::vector<std::uint8_t> weights = read_file(path);
  std::filesystem::remove(path);
  cv::dnn::Net net =
      cv::dnn::readNetFromDarknet(std::vector<uchar>(cfg.begin(), cfg.end()), weights);
  net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
  const std::vector<int> sizes(input.sizes().begin(), input.sizes().end());
  net.setInput(cv::Mat(sizes, CV_32F, input.data_ptr<float>()));
  std::vector<cv::Mat> outputs;
  net.forward(outputs, net.getUnconnectedOutLayersNames());
  std::vector<torch::Tensor> rows;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const YoloHead& head = network.heads()[i];
    rows.push_back(torch::from_blob(outputs[i].data,
                                    {input.size(2) / head.stride_px,
                                     input.size(3) / head.stride_px,
                                     head.num_anchors(),
                                     5 + head.num_classes},
                                    torch::kFloat)
                       .permute({2, 0, 1, 3})
                       .reshape({-1, 5 + head.num_classes})
                       .clone());
  }
  return rows;
}

void expect_same_as_opencv(const std::string& cfg) {
  torch::manual_seed(7);
  DarknetNetwork network(parse_darknet_config(cfg, "test.cfg"));
  randomize(network);
  const int width_px = network.input_width_px();
  const int height_px = network.input_height_px();
  const torch::Tensor input = torch::rand({1, 3, height_px, width_px});
  const torch::NoGradGuard no_grad;
  const std::vector<torch::Tensor> raw_maps = network.forward(input);
  const std::vector<torch::Tensor> expected = opencv_rows(cfg, network, input);
  ASSERT_EQ(raw_maps.size(), expected.size());
  const torch::Tensor to_px = torch::tensor({width_px, height_px, width_px, height_px});
  for (std::size_t i = 0; i < raw_maps.size(); ++i) {
    const torch::Tensor rows = decode_yolo(raw_maps[i], network.heads()[i], width_px, height_px)[0];
    ASSERT_EQ(rows.sizes(), expected[i].sizes());
    const torch::Tensor boxes_px = rows.narrow(1, 0, 4) * to_px;
    const torch::Tensor confidence = rows.select(1, 4) * rows.select(1, 5);
    const double box_difference_px =
        (boxes_px - expected[i].narrow(1, 0, 4) * to_px).abs().max().item<double>();
    const double confidence_difference =
        (confidence - expected[i].select(1, 5)).abs().max().item<double>();
    EXPECT_LT(box_difference_px, 0.5) << "head " << i;
    EXPECT_LT(confidence_difference, 1e-3) << "head " << i;
    // Were all confidences alike, agreeing on them would mean nothing.
    EXPECT_GT(confidence.std().item<double>(), 0.01) << "head " << i;
    testing::Test::RecordProperty(
        "head_" + std::to_string(i),
        std::to_string(box_difference_px) + " px, " + std::to_string(confidence_difference));
  }
}

TEST(DarknetNetwork, Yolov4HasItsLayers) {
  const DarknetConfig config = parse_darknet_config(yolov4(320), "yolov4.cfg");
  std::map<std::string, int> counts;
  for (const DarknetSection& layer : config.layers) ++counts[layer.type];
  EXPECT_EQ(config.layers.size(), 162U);
  EXPECT_EQ(counts["convolutional"], 110);
  EXPECT_EQ(counts["route"], 21);
  EXPECT_EQ(counts["shortcut"], 23);
  EXPECT_EQ(counts["maxpool"], 3);
  EXPECT_EQ(counts["upsample"], 2);
  EXPECT_EQ(counts["yolo"], 3);
}

TEST(DarknetNetwork, Yolov4AgreesWithOpencv) { expect_same_as_opencv(yolov4(320)); }

TEST(DarknetNetwork, Yolov4TinyAgreesWithOpencv) { expect_same_as_opencv(yolov4_tiny(320)); }

TEST(DarknetNetwork, Yolov3TinyAgreesWithOpencv) { expect_same_as_opencv(yolov3_tiny(352)); }

TEST(DarknetNetwork, GroupsAndNewCoordsAgreeWithOpencv) {
  expect_same_as_opencv(small_network(96));
}

TEST(DarknetNetwork, ShippedConfigurationIsSmall) {
  const std::string path = std::string(FINVIEW_SOURCE_DIR) + "/models/fin-detector.cfg";
  const DarknetNetwork network(parse_darknet_config(read_text_file(path), "fin-detector.cfg"));
  std::int64_t num_numbers = 0;
  for (const torch::Tensor& tensor : network.parameters()) num_numbers += tensor.numel();
  for (const torch::Tensor& tensor : network.buffers()) num_numbers += tensor.numel();
  EXPECT_EQ(network.stride(), 32);
  EXPECT_EQ(network.heads().size(), 3U);
  EXPECT_LT(4 * num_numbers, 15'000'000);
}

TEST(DarknetNetwork, SeedConfigurationAgreesWithOpencv) {
  const char* folder = std::getenv("FINVIEW_SHARED_DATA");
  if (folder == nullptr) GTEST_SKIP() << "FINVIEW_SHARED_DATA does not name the shared data.";
  const auto path = std::filesystem::path(folder) / "darknet" / "yolov4-dolphin.cfg";
  std::string cfg = read_text_file(path);
  // OpenCV leaves out what is below its threshold, 0.2 unless the section says otherwise.
  for (std::size_t at = 0; (at = cfg.find("[yolo]", at)) != std::string::npos; at += 6) {
    cfg.insert(at + 6, "\nthresh=0");
  }
  expect_same_as_opencv(cfg);
}

}  // namespace
}  // namespace finview
