#include "finview/embedding/nn4_small2_torch.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <torch/torch.h>

namespace finview {
namespace {

namespace nn = torch::nn;

/// Convolution with bias, batch norm, ReLU.
class ConvNormRelu : public nn::Module {
 public:
  ConvNormRelu(int inputs, int outputs, int kernel, int stride)
      : conv_(register_module(
            "conv",
            nn::Conv2d(
                nn::Conv2dOptions(inputs, outputs, kernel).stride(stride).padding(kernel / 2)))),
        norm_(register_module("norm", nn::BatchNorm2d(outputs))) {}

  torch::Tensor forward(const torch::Tensor& x) { return torch::relu(norm_(conv_(x))); }

 private:
  nn::Conv2d conv_;
  nn::BatchNorm2d norm_;
};

/// Channels of an inception module; 0: the branch is missing, for the pooling branch: no
/// convolution follows it.
struct InceptionRow {
  const char* name;
  int stride;
  int reduce_3x3, outputs_3x3;
  int reduce_5x5, outputs_5x5;
  bool max_pool;  ///< else root of the sum of squares
  int pool;
  int outputs_1x1;
};

constexpr std::array<InceptionRow, 7> kInceptions{{{"3a", 1, 96, 128, 16, 32, true, 32, 64},
                                                   {"3b", 1, 96, 128, 32, 64, false, 64, 64},
                                                   {"3c", 2, 128, 256, 32, 64, true, 0, 0},
                                                   {"4a", 1, 96, 192, 32, 64, false, 128, 256},
                                                   {"4e", 2, 160, 256, 64, 128, true, 0, 0},
                                                   {"5a", 1, 96, 384, 0, 0, false, 96, 256},
                                                   {"5b", 1, 96, 384, 0, 0, true, 96, 256}}};

/// Up to four branches side by side, each after its own reduction by a 1 x 1 convolution.
class Inception : public nn::Module {
 public:
  Inception(int inputs, const InceptionRow& row) : row_(row) {
    const auto wide = [&](const std::string& size, int kernel, int reduce, int outputs) {
      if (outputs == 0) return;
      branches_.push_back({add("reduce_" + size, inputs, reduce, 1, 1),
                           add("conv_" + size, reduce, outputs, kernel, row.stride)});
      num_channels_ += outputs;
    };
    wide("3x3", 3, row.reduce_3x3, row.outputs_3x3);
    wide("5x5", 5, row.reduce_5x5, row.outputs_5x5);
    if (row.pool > 0) after_pool_ = add("pool", inputs, row.pool, 1, 1);
    num_channels_ += row.pool > 0 ? row.pool : inputs;
    if (row.outputs_1x1 == 0) return;
    direct_ = add("conv_1x1", inputs, row.outputs_1x1, 1, 1);
    num_channels_ += row.outputs_1x1;
  }

  int num_channels() const { return num_channels_; }

  torch::Tensor forward(const torch::Tensor& input) {
    std::vector<torch::Tensor> outputs;
    for (const Branch& branch : branches_) {
      outputs.push_back(branch.wide->forward(branch.reduce->forward(input)));
    }
    torch::Tensor pooled = pool(input);
    if (after_pool_) pooled = after_pool_->forward(pooled);
    outputs.push_back(pooled);
    if (direct_) outputs.push_back(direct_->forward(input));
    return torch::cat(outputs, 1);
  }

 private:
  struct Branch {
    std::shared_ptr<ConvNormRelu> reduce;
    std::shared_ptr<ConvNormRelu> wide;
  };

  std::shared_ptr<ConvNormRelu> add(
      const std::string& name, int inputs, int outputs, int kernel, int stride) {
    return register_module(name, std::make_shared<ConvNormRelu>(inputs, outputs, kernel, stride));
  }

  torch::Tensor pool(const torch::Tensor& x) const {
    if (row_.max_pool) return torch::max_pool2d(x, 3, row_.stride, 1);
    // The small number keeps the slope of the root finite where nothing is seen.
    return (9 * torch::avg_pool2d(x.square(), 3, row_.stride, 1) + 1e-6).sqrt();
  }

  InceptionRow row_;
  int num_channels_ = 0;
  std::vector<Branch> branches_;
  std::shared_ptr<ConvNormRelu> after_pool_;
  std::shared_ptr<ConvNormRelu> direct_;
};

constexpr int kFirstChannels = 64;
constexpr int kSecondChannels = 192;

}  // namespace

Nn4Small2::Nn4Small2(int num_stages) : Backbone(num_stages) {
  const auto add_convolution = [this](const char* name, int inputs, int outputs, int kernel) {
    return register_module(
        name, std::make_shared<ConvNormRelu>(inputs, outputs, kernel, kernel == 7 ? 2 : 1));
  };
  const auto first = add_convolution("conv1", 3, kFirstChannels, 7);
  add_stage({kFirstChannels, 4, {first}, [first](const torch::Tensor& x) {
               return torch::max_pool2d(first->forward((x + 1) / 2), 3, 2, 1);
             }});
  if (is_complete()) return;
  const auto second = add_convolution("conv2", kFirstChannels, kFirstChannels, 1);
  const auto third = add_convolution("conv3", kFirstChannels, kSecondChannels, 3);
  add_stage({kSecondChannels, 8, {second, third}, [second, third](const torch::Tensor& x) {
               return torch::max_pool2d(third->forward(second->forward(x)), 3, 2, 1);
             }});
  int inputs = kSecondChannels;
  int stride = 8;
  for (const InceptionRow& row : kInceptions) {
    if (is_complete()) return;
    const auto module = std::make_shared<Inception>(inputs, row);
    register_module(std::string("inception_") + row.name, module);
    inputs = module->num_channels();
    stride *= row.stride;
    add_stage({inputs, stride, {module}, [module](const torch::Tensor& x) {
                 return module->forward(x);
               }});
  }
}

}  // namespace finview
