#include "finview/embedding/resnet_50_torch.h"

#include <array>
#include <memory>
#include <string>

#include <torch/torch.h>

namespace finview {
namespace {

namespace nn = torch::nn;

constexpr int kExpansion = 4;

nn::Conv2d convolution(int inputs, int outputs, int kernel, int stride) {
  return nn::Conv2d(
      nn::Conv2dOptions(inputs, outputs, kernel).stride(stride).padding(kernel / 2).bias(false));
}

/// Three convolutions, and a fourth beside them where size or channels change.
class Bottleneck : public nn::Module {
 public:
  Bottleneck(int inputs, int width, int stride)
      : conv1_(register_module("conv1", convolution(inputs, width, 1, 1))),
        bn1_(register_module("bn1", nn::BatchNorm2d(width))),
        conv2_(register_module("conv2", convolution(width, width, 3, stride))),
        bn2_(register_module("bn2", nn::BatchNorm2d(width))),
        conv3_(register_module("conv3", convolution(width, kExpansion * width, 1, 1))),
        bn3_(register_module("bn3", nn::BatchNorm2d(kExpansion * width))) {
    if (stride == 1 && inputs == kExpansion * width) return;
    downsample_ = nn::Sequential(convolution(inputs, kExpansion * width, 1, stride),
                                 nn::BatchNorm2d(kExpansion * width));
    register_module("downsample", downsample_);
  }

  torch::Tensor forward(const torch::Tensor& input) {
    torch::Tensor x = torch::relu(bn1_(conv1_(input)));
    x = torch::relu(bn2_(conv2_(x)));
    x = bn3_(conv3_(x));
    return torch::relu(x + (downsample_.is_empty() ? input : downsample_->forward(input)));
  }

 private:
  nn::Conv2d conv1_;
  nn::BatchNorm2d bn1_;
  nn::Conv2d conv2_;
  nn::BatchNorm2d bn2_;
  nn::Conv2d conv3_;
  nn::BatchNorm2d bn3_;
  nn::Sequential downsample_{nullptr};
};

/// From -1..1 to what torchvision's ImageNet weights were trained with.
torch::Tensor normalized(const torch::Tensor& input) {
  const auto channels = [&input](std::array<float, 3> values) {
    return torch::tensor({values[0], values[1], values[2]}).view({1, 3, 1, 1}).to(input.device());
  };
  return ((input + 1) / 2 - channels({0.485F, 0.456F, 0.406F})) /
         channels({0.229F, 0.224F, 0.225F});
}

struct LayerRow {
  int width, repeats, stride;
};

// Table 1 of the paper.
constexpr std::array<LayerRow, 4> kLayers{{{64, 3, 1}, {128, 4, 2}, {256, 6, 2}, {512, 3, 2}}};
constexpr int kStemChannels = 64;

}  // namespace

ResNet50::ResNet50(int num_stages) : Backbone(num_stages) {
  const auto conv1 = register_module("conv1", convolution(3, kStemChannels, 7, 2));
  const auto bn1 = register_module("bn1", nn::BatchNorm2d(kStemChannels));
  add_stage({kStemChannels, 4, {conv1, bn1}, [conv1, bn1](const torch::Tensor& x) {
               return torch::max_pool2d(
                   torch::relu(bn1->forward(conv1->forward(normalized(x)))), 3, 2, 1);
             }});
  int inputs = kStemChannels;
  int stride = 4;
  for (std::size_t i = 0; i < kLayers.size() && !is_complete(); ++i) {
    const LayerRow& row = kLayers[i];
    nn::ModuleList layer;
    for (int k = 0; k < row.repeats && !is_complete(); ++k) {
      const int its_stride = k == 0 ? row.stride : 1;
      const auto block = std::make_shared<Bottleneck>(inputs, row.width, its_stride);
      inputs = kExpansion * row.width;
      stride *= its_stride;
      layer->push_back(block);
      add_stage(
          {inputs, stride, {block}, [block](const torch::Tensor& x) { return block->forward(x); }});
    }
    register_module("layer" + std::to_string(i + 1), layer);
  }
}

}  // namespace finview
