#include "finview/embedding/conv_norm_torch.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace finview {
namespace {

namespace nn = torch::nn;

struct Layers {
  nn::Conv2d conv{
      nn::Conv2dOptions(6, 9, 3).stride(2).padding(2).dilation(2).groups(3).bias(false)};
  nn::BatchNorm2d norm{9};

  Layers() {
    torch::manual_seed(1);
    const torch::NoGradGuard no_grad;
    norm->weight.uniform_(0.2, 3);
    norm->bias.uniform_(-1, 1);
    norm->running_mean.uniform_(-1, 1);
    norm->running_var.uniform_(0.1, 4);
  }
};

TEST(ConvNormTest, OneConvolutionGivesWhatBothGive) {
  Layers layers;
  layers.norm->eval();
  const torch::Tensor x = torch::randn({2, 6, 17, 20});
  const torch::Tensor expected = layers.norm(layers.conv(x));
  const torch::Tensor folded = conv_norm(*layers.conv, *layers.norm, x);
  EXPECT_EQ(folded.sizes(), expected.sizes());
  EXPECT_LT((folded - expected).abs().max().item<float>(), 1e-5);
}

TEST(ConvNormTest, InTrainingTheNormLearns) {
  Layers layers;
  layers.norm->train();
  const torch::Tensor before = layers.norm->running_mean.clone();
  const torch::Tensor y = conv_norm(*layers.conv, *layers.norm, torch::randn({2, 6, 17, 20}) + 5);
  EXPECT_LT((y.mean({0, 2, 3}) - layers.norm->bias).abs().max().item<float>(), 1e-5);
  EXPECT_GT((layers.norm->running_mean - before).abs().max().item<float>(), 0.01);
}

TEST(ConvNormTest, LayersInARowGiveTheSame) {
  Layers layers;
  nn::Sequential row(layers.conv, layers.norm, nn::ReLU(), nn::Conv2d(9, 4, 1));
  row->eval();
  const torch::Tensor x = torch::randn({1, 6, 16, 16});
  EXPECT_LT((forward_folded(*row, x) - row->forward(x)).abs().max().item<float>(), 1e-5);
}

}  // namespace
}  // namespace finview
