#include "finview/embedding/mobilenet_v2_torch.h"

#include "finview/base/error.h"

#include <algorithm>
#include <array>
#include <sstream>

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
    return torch::clamp(norm_(conv_(x)), 0, 6);
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
    x = norm_(project_(depthwise_->forward(x)));
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

MobileNetV2::MobileNetV2(int num_stages) {
  const auto add = [&](auto stage) {
    if (static_cast<int>(features_->size()) < num_stages) features_->push_back(std::move(stage));
  };
  add(std::make_shared<ConvNormRelu>(3, 32, 3, 2, 1));
  int inputs = 32;
  for (const StageRow& row : kStages) {
    for (int i = 0; i < row.repeats; ++i) {
      const int stride = i == 0 ? row.stride : 1;
      add(std::make_shared<InvertedResidual>(inputs, row.outputs, stride, row.expansion));
      inputs = row.outputs;
    }
  }
  add(std::make_shared<ConvNormRelu>(inputs, kNumFeatures, 1, 1, 1));
  register_module("features", features_);
}

int MobileNetV2::num_channels(int num_stages) {
  if (num_stages <= 1) return 32;
  if (num_stages >= kNumStages) return kNumFeatures;
  int stage = 1;
  for (const StageRow& row : kStages) {
    stage += row.repeats;
    if (num_stages <= stage) return row.outputs;
  }
  return kStages.back().outputs;
}

int MobileNetV2::stride(int num_stages) {
  int stride = 2;
  int stage = 1;
  for (const StageRow& row : kStages) {
    if (num_stages > stage) stride *= row.stride;
    stage += row.repeats;
  }
  return stride;
}

std::vector<torch::Tensor> MobileNetV2::forward_stages(torch::Tensor x) {
  std::vector<torch::Tensor> outputs;
  for (const auto& stage : *features_) {
    if (auto* block = stage->as<InvertedResidual>()) {
      x = block->forward(x);
    } else {
      x = stage->as<ConvNormRelu>()->forward(x);
    }
    outputs.push_back(x);
  }
  return outputs;
}

torch::Tensor MobileNetV2::forward(torch::Tensor x) { return forward_stages(std::move(x)).back(); }

void MobileNetV2::freeze(int num_stages) {
  for (int i = 0; i < std::min(num_stages, static_cast<int>(features_->size())); ++i) {
    features_[i]->eval();
    for (torch::Tensor& parameter : features_[i]->parameters()) parameter.set_requires_grad(false);
  }
}

MobileNetV2Embedder::MobileNetV2Embedder(const EmbedderContract& contract)
    : pooling_power_(contract.pooling_power),
      backbone_(register_module("backbone", std::make_shared<MobileNetV2>(contract.num_stages))) {
  int num_inputs = MobileNetV2::num_channels(contract.num_stages);
  if (contract.grid_channels > 0) {
    reduce_ = register_module("reduce", nn::Conv2d(num_inputs, contract.grid_channels, 1));
    const int stride = MobileNetV2::stride(contract.num_stages);
    num_inputs =
        contract.grid_channels * (contract.height_px / stride) * (contract.width_px / stride);
  }
  if (contract.num_dims > 0) {
    head_ = register_module("head", nn::Linear(num_inputs, contract.num_dims));
  }
}

torch::Tensor MobileNetV2Embedder::pooled_features(torch::Tensor input) {
  torch::Tensor x = backbone_->forward(std::move(input));
  if (pooling_power_ != 1) x = x.clamp_min(1e-6).pow(pooling_power_);
  x = x.mean({2, 3});
  return pooling_power_ == 1 ? x : x.pow(1 / pooling_power_);
}

torch::Tensor MobileNetV2Embedder::forward(torch::Tensor input) {
  torch::Tensor x = reduce_.is_empty()
                        ? pooled_features(std::move(input))
                        : reduce_(backbone_->forward(std::move(input))).contiguous().flatten(1);
  if (!head_.is_empty()) x = head_(x);
  return nn::functional::normalize(x, nn::functional::NormalizeFuncOptions().dim(1));
}

void load_tensors(torch::nn::Module& module,
                  const std::map<std::string, torch::Tensor>& tensors,
                  bool partial) {
  const torch::NoGradGuard no_grad;
  const auto shape = [](const torch::Tensor& tensor) {
    std::ostringstream text;
    text << tensor.sizes();
    return text.str();
  };
  for (auto& [name, target] : named_tensors(module)) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
      if (partial) continue;
      throw Error(ErrorKind::kBadModel, "The model has no tensor \"" + name + "\".");
    }
    if (found->second.sizes() != target.sizes()) {
      throw Error(ErrorKind::kBadModel,
                  "The model's tensor \"" + name + "\" is " + shape(found->second) +
                      "; the network needs " + shape(target) + ".");
    }
    target.copy_(found->second);
  }
}

std::map<std::string, torch::Tensor> named_tensors(const torch::nn::Module& module) {
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& item : module.named_parameters()) tensors.emplace(item.key(), item.value());
  for (const auto& item : module.named_buffers()) tensors.emplace(item.key(), item.value());
  return tensors;
}

}  // namespace finview
