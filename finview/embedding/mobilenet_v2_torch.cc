#include "finview/embedding/mobilenet_v2_torch.h"

#include "finview/embedding/conv_norm_torch.h"

#include <array>
#include <memory>

#include <torch/torch.h>

namespace finview {
namespace {

namespace nn = torch::nn;

/// Convolution named "0", batch norm named "1", ReLU6.
class ConvNormRelu : public nn::Module {
 public:
  ConvNormRelu(int inputs, int outputs, int kernel, int stride, int groups)
      : pad_right_bottom_(stride == 2),
        conv_(register_module("0",
                              nn::Conv2d(nn::Conv2dOptions(inputs, outputs, kernel)
                                             .stride(stride)
                                             .padding(stride == 2 ? 0 : kernel / 2)
                                             .groups(groups)
                                             .bias(false)))),
        norm_(register_module("1", nn::BatchNorm2d(outputs))) {}

  torch::Tensor forward(torch::Tensor x) {
    if (pad_right_bottom_) x = torch::constant_pad_nd(x, {0, 1, 0, 1});
    torch::Tensor y = conv_norm(*conv_, *norm_, x);
    return torch::hardtanh_(y, 0, 6);  // ReLU6
  }

 private:
  bool pad_right_bottom_;
  nn::Conv2d conv_;
  nn::BatchNorm2d norm_;
};

/// Children of torchvision's InvertedResidual are "conv.0", "conv.1", …; holds them in order.
class Children : public nn::Module {
 public:
  template <class Module>
  auto add(Module module) {
    return register_module(std::to_string(count_++), std::move(module));
  }

 private:
  int count_ = 0;
};

class InvertedResidual : public nn::Module {
 public:
  InvertedResidual(int inputs, int outputs, int stride, int expansion)
      : residual_(stride == 1 && inputs == outputs) {
    const auto conv = register_module("conv", std::make_shared<Children>());
    const int hidden = inputs * expansion;
    if (expansion != 1)
      expand_ = conv->add(std::make_shared<ConvNormRelu>(inputs, hidden, 1, 1, 1));
    depthwise_ = conv->add(std::make_shared<ConvNormRelu>(hidden, hidden, 3, stride, hidden));
    project_ = conv->add(nn::Conv2d(nn::Conv2dOptions(hidden, outputs, 1).bias(false)));
    norm_ = conv->add(nn::BatchNorm2d(outputs));
  }

  torch::Tensor forward(const torch::Tensor& input) {
    torch::Tensor x = expand_ ? expand_->forward(input) : input;
    x = conv_norm(*project_, *norm_, depthwise_->forward(x));
    return residual_ ? input + x : x;
  }

 private:
  bool residual_;
  std::shared_ptr<ConvNormRelu> expand_;
  std::shared_ptr<ConvNormRelu> depthwise_;
  nn::Conv2d project_{nullptr};
  nn::BatchNorm2d norm_{nullptr};
};

struct StageRow {
  int expansion, outputs, repeats, stride;
};

// Table 2 of the paper.
constexpr std::array<StageRow, 7> kStages{{{1, 16, 1, 1},
                                           {6, 24, 2, 2},
                                           {6, 32, 3, 2},
                                           {6, 64, 4, 2},
                                           {6, 96, 3, 1},
                                           {6, 160, 3, 2},
                                           {6, 320, 1, 1}}};

}  // namespace

MobileNetV2::MobileNetV2(int num_stages) : Backbone(num_stages) {
  torch::nn::ModuleList features;
  int stride = 1;
  const auto add = [&](auto stage, int channels, int its_stride) {
    if (is_complete()) return;
    stride *= its_stride;
    features->push_back(stage);
    add_stage(
        {channels, stride, {stage}, [stage](const torch::Tensor& x) { return stage->forward(x); }});
  };
  add(std::make_shared<ConvNormRelu>(3, 32, 3, 2, 1), 32, 2);
  int inputs = 32;
  for (const StageRow& row : kStages) {
    for (int i = 0; i < row.repeats; ++i) {
      const int its = i == 0 ? row.stride : 1;
      add(std::make_shared<InvertedResidual>(inputs, row.outputs, its, row.expansion),
          row.outputs,
          its);
      inputs = row.outputs;
    }
  }
  add(std::make_shared<ConvNormRelu>(inputs, kNumFeatures, 1, 1, 1), kNumFeatures, 1);
  register_module("features", features);
}

}  // namespace finview
