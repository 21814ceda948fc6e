#include "finview/training/detector_evaluation_torch.h"
#include "finview/training/detector_loss_torch.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace finview {
namespace {

torch::Tensor boxes(std::vector<float> numbers) { return torch::tensor(numbers).reshape({-1, 4}); }

double ciou(const std::vector<float>& a, const std::vector<float>& b) {
  return complete_iou(boxes(a), boxes(b)).item<double>();
}

TEST(CompleteIou, ShiftedBoxLosesOverlapAndDistance) {
  // IoU 0.12 / 0.2; distance^2 0.01, diagonal^2 0.5^2 + 0.4^2.
  EXPECT_NEAR(ciou({0.5, 0.5, 0.4, 0.4}, {0.6, 0.5, 0.4, 0.4}), 0.6 - 0.01 / 0.41, 1e-6);
}

TEST(CompleteIou, OtherShapeLosesAspect) {
  const double v = 4 / (M_PI * M_PI) * std::pow(std::atan(2.0) - std::atan(0.5), 2);
  const double iou = 0.04 / 0.12;
  EXPECT_NEAR(ciou({0.5, 0.5, 0.4, 0.2}, {0.5, 0.5, 0.2, 0.4}), iou - v * v / (1 - iou + v), 1e-6);
}

TEST(CompleteIou, EqualIsOneAndFarIsNegative) {
  EXPECT_NEAR(ciou({0.5, 0.5, 0.4, 0.2}, {0.5, 0.5, 0.4, 0.2}), 1, 1e-6);
  // No overlap: minus distance^2 0.64 over diagonal^2 0.9^2 + 0.1^2.
  EXPECT_NEAR(ciou({0.1, 0.5, 0.1, 0.1}, {0.9, 0.5, 0.1, 0.1}), -0.64 / 0.82, 1e-6);
}

TEST(CompleteIou, GradientMatchesDifferences) {
  const auto target = boxes({0.55F, 0.45F, 0.3F, 0.3F}).to(torch::kDouble);
  auto at = boxes({0.5F, 0.5F, 0.36F, 0.36F}).to(torch::kDouble).requires_grad_(true);
  complete_iou(at, target).sum().backward();
  const double step = 1e-5;
  for (int i = 0; i < 2; ++i) {  // equal shapes: the aspect term is 0 for every center
    auto shift = torch::zeros({1, 4}, torch::kDouble);
    shift[0][i] = step;
    const double up = complete_iou(at.detach() + shift, target).item<double>();
    const double down = complete_iou(at.detach() - shift, target).item<double>();
    EXPECT_NEAR(at.grad()[0][i].item<double>(), (up - down) / (2 * step), 1e-5);
  }
}

YoloHead one_head() {
  YoloHead head;
  head.all_anchors_px = {{10, 10}, {20, 20}};
  head.anchors_px = head.all_anchors_px;
  head.mask = {0, 1};
  head.num_classes = 1;
  head.stride_px = 8;
  head.ignore_thresh = 0.7;
  head.iou_thresh = 1;
  return head;
}

TEST(DetectorLoss, WithoutFinsIsTheCrossEntropyOfEveryPrediction) {
  const auto raw = torch::zeros({2, 12, 4, 4});
  const DetectorLoss loss = detector_loss({raw}, {one_head()}, {}, 32, 32, {});
  EXPECT_NEAR(loss.objectness, 2 * 16 * std::log(2.0), 1e-4);
  EXPECT_EQ(loss.box, 0);
  EXPECT_EQ(loss.classes, 0);
}

TEST(DetectorLoss, TargetGoesToTheAnchorOfItsShape) {
  auto raw = torch::zeros({1, 12, 4, 4}).requires_grad_(true);
  const TargetBox target{0, 0, 0.6F, 0.3F, 20.0F / 32, 20.0F / 32};
  const DetectorLoss loss = detector_loss({raw}, {one_head()}, {target}, 32, 32, {});
  loss.total.backward();
  const auto objectness = raw.grad().reshape({2, 6, 4, 4}).select(1, 4);
  // Only the second anchor in row 1, column 2 is pulled up.
  EXPECT_NEAR(objectness[1][1][2].item<double>(), -0.5, 1e-6);
  EXPECT_GT(objectness[0][1][2].item<double>(), 0);
  EXPECT_EQ((objectness < 0).sum().item<int>(), 1);
  EXPECT_NEAR(loss.classes, std::log(2.0), 1e-6);
}

TEST(DetectorLoss, GoodPredictionOfNoTargetIsIgnored) {
  YoloHead head = one_head();
  head.all_anchors_px = {{20, 20}, {21, 21}};
  head.anchors_px = head.all_anchors_px;
  auto raw = torch::zeros({1, 12, 4, 4}).requires_grad_(true);
  const TargetBox target{0, 0, 0.625F, 0.375F, 20.0F / 32, 20.0F / 32};
  detector_loss({raw}, {head}, {target}, 32, 32, {}).total.backward();
  const auto objectness = raw.grad().reshape({2, 6, 4, 4}).select(1, 4);
  EXPECT_EQ(objectness[1][1][2].item<double>(), 0);
}

constexpr const char* kTinyConfig = R"(
[net]
width=64
height=64
channels=3
[convolutional]
batch_normalize=1
filters=16
size=3
stride=2
pad=1
activation=leaky
[convolutional]
batch_normalize=1
filters=32
size=3
stride=2
pad=1
activation=leaky
[convolutional]
batch_normalize=1
filters=32
size=3
stride=2
pad=1
activation=leaky
[convolutional]
filters=6
size=1
stride=1
pad=1
activation=linear
[yolo]
mask=0
anchors=16,16
classes=1
num=1
iou_thresh=0.213
iou_loss=ciou
)";

TEST(DetectorLoss, LearnsOnePictureByHeart) {
  torch::manual_seed(3);
  DarknetNetwork network(parse_darknet_config(kTinyConfig, "tiny.cfg"));
  DetectionSample sample;
  sample.width_px = 64;
  sample.height_px = 64;
  sample.rgb.assign(3 * 64 * 64, 60);
  const int lefts[2] = {8, 40};
  for (const int left : lefts) {
    for (int y = 20; y < 36; ++y) {
      for (int x = left; x < left + 14; ++x) sample.rgb[std::size_t(y * 64 + x)] = 230;
    }
    Detection box;
    box.left_px = static_cast<float>(left);
    box.right_px = static_cast<float>(left + 14);
    box.top_px = 20;
    box.bottom_px = 36;
    sample.boxes.push_back(box);
  }
  std::vector<TargetBox> targets;
  for (const Detection& box : sample.boxes) {
    targets.push_back({0,
                       0,
                       (box.left_px + box.right_px) / 128,
                       (box.top_px + box.bottom_px) / 128,
                       box.width_px() / 64,
                       box.height_px() / 64});
  }
  const auto picture = torch::tensor(std::vector<std::uint8_t>(sample.rgb))
                           .reshape({1, 3, 64, 64})
                           .to(torch::kFloat) /
                       255;
  torch::optim::AdamW optimizer(network.parameters(), torch::optim::AdamWOptions(0.01));
  double first = 0;
  double last = 0;
  for (int step = 0; step < 150; ++step) {
    network.train();
    optimizer.zero_grad();
    const DetectorLoss loss =
        detector_loss(network.forward(picture), network.heads(), targets, 64, 64, {});
    loss.total.backward();
    optimizer.step();
    last = loss.total.item<double>();
    if (step == 0) first = last;
  }
  EXPECT_LT(last, first / 20);
  for (auto& buffer : network.named_buffers()) {
    EXPECT_TRUE(torch::isfinite(buffer.value().to(torch::kFloat)).all().item<bool>());
  }
  const auto found = detect_samples(network, {sample}, 0.3, torch::kCPU);
  EXPECT_NEAR(average_precision(found, 0.5), 1, 1e-9);
  EXPECT_NEAR(average_precision(found, 0.75), 1, 1e-9);
}

}  // namespace
}  // namespace finview
