#include "finview/detection/without_relu6.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/detection/darknet_network_torch.h"
#include "finview/detection/test_networks.h"

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>
#include <opencv2/dnn.hpp>
#include <torch/torch.h>

namespace finview {
namespace {

class WithoutRelu6 : public testing::Test {
 protected:
  WithoutRelu6() : to_{folder_ / "plain.cfg", folder_ / "plain.weights"} {}

  test::ScratchFolder folder_;
  DetectorFiles to_;
};

DarknetNetwork load(const DetectorFiles& files) {
  DarknetNetwork network(parse_darknet_config(read_text_file(files.cfg), files.cfg.string()));
  network.load_weights(files.weights);
  network.eval();
  return network;
}

DetectorFiles shipped() {
  const std::filesystem::path models = std::filesystem::path(FINVIEW_SOURCE_DIR) / "models";
  return {models / "fin-detector.cfg", models / "fin-detector.weights"};
}

TEST_F(WithoutRelu6, TheShippedDetectorGivesTheSameInOpencv) {
  write_without_relu6(shipped(), to_);
  torch::manual_seed(3);
  // Coarse colors, as a photo has them: plain noise excites nothing.
  const torch::Tensor input =
      torch::upsample_bilinear2d(torch::rand({1, 3, 7, 7}), {224, 224}, false).contiguous();
  const torch::NoGradGuard no_grad;
  DarknetNetwork network = load(shipped());
  const std::vector<torch::Tensor> expected = network.forward(input);

  // OpenCV leaves out what is below its thresholds unless the section says otherwise.
  std::string cfg = read_text_file(to_.cfg);
  for (std::size_t at = 0; (at = cfg.find("[yolo]", at)) != std::string::npos; at += 6) {
    cfg.insert(at + 6, "\nthresh=0\nnms_threshold=0");
  }
  cv::dnn::Net net = cv::dnn::readNetFromDarknet(std::vector<uchar>(cfg.begin(), cfg.end()),
                                                 read_file(to_.weights));
  net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
  net.setInput(cv::Mat(std::vector<int>{1, 3, 224, 224}, CV_32F, input.data_ptr<float>()));
  std::vector<cv::Mat> rows;
  net.forward(rows, net.getUnconnectedOutLayersNames());
  ASSERT_EQ(rows.size(), expected.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const YoloHead& head = network.heads()[i];
    const int cells = 224 / head.stride_px;
    const torch::Tensor theirs =
        torch::from_blob(rows[i].data, {cells, cells, head.num_anchors(), 6}, torch::kFloat)
            .permute({2, 0, 1, 3})
            .reshape({-1, 6});
    const torch::Tensor ours = decode_yolo(expected[i], head, 224, 224)[0];
    EXPECT_LT((ours.narrow(1, 0, 4) - theirs.narrow(1, 0, 4)).abs().max().item<double>(), 2e-3);
    const torch::Tensor confidence = ours.select(1, 4) * ours.select(1, 5);
    EXPECT_LT((confidence - theirs.select(1, 5)).abs().max().item<double>(), 1e-3);
    EXPECT_GT(ours.narrow(1, 2, 2).std().item<double>(), 1e-3) << "boxes are all alike";
  }
}

TEST_F(WithoutRelu6, CountsLayersAnewFromBothEnds) {
  const DetectorFiles from{folder_ / "six.cfg", folder_ / "six.weights"};
  write_file(from.cfg,
             net(32, 32) + conv(4, 3, 1, "relu6") + conv(4, 3, 1, "relu6") +
                 "[shortcut]\nfrom=-2\nactivation=linear\n[route]\nlayers=-1,0\n" +
                 conv(6, 1, 1, "linear", "") + "[yolo]\nmask=0\nanchors=8,8\nclasses=1\nnum=1\n");
  torch::manual_seed(4);
  DarknetNetwork network(parse_darknet_config(read_text_file(from.cfg), "six.cfg"));
  const torch::NoGradGuard no_grad;
  for (torch::Tensor parameter : network.parameters()) parameter.mul_(6);  // much lies above 6
  network.eval();
  network.save_weights(from.weights, 0);
  write_without_relu6(from, to_);
  DarknetNetwork changed = load(to_);
  EXPECT_EQ(changed.num_layers(), network.num_layers() + 4);
  const torch::Tensor input = torch::rand({1, 3, 32, 32});
  const torch::Tensor expected = network.forward(input)[0];
  EXPECT_LT((changed.forward(input)[0] - expected).abs().max().item<double>(),
            1e-4 * expected.abs().max().item<double>());
  EXPECT_THROW(write_without_relu6(from, from), Error);  // over itself
}

TEST_F(WithoutRelu6, RefusesARelu6ThatIsNoConvolutions) {
  const DetectorFiles from{folder_ / "sum.cfg", folder_ / "sum.weights"};
  write_file(from.cfg,
             net(32, 32) + conv(6, 3, 1, "linear", "") + conv(6, 3, 1, "linear", "") +
                 "[shortcut]\nfrom=-2\nactivation=relu6\n" +
                 "[yolo]\nmask=0\nanchors=8,8\nclasses=1\nnum=1\n");
  DarknetNetwork(parse_darknet_config(read_text_file(from.cfg), "sum.cfg"))
      .save_weights(from.weights, 0);
  EXPECT_THROW(write_without_relu6(from, to_), Error);
}

}  // namespace
}  // namespace finview
