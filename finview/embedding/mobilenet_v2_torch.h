#pragma once

#include "finview/embedding/embedder_contract.h"

#include <map>
#include <string>
#include <vector>

#include <torch/nn.h>

namespace finview {

/// MobileNetV2, width 1.0, without its classifier; parameter names are torchvision's
/// (`features.0.0.weight` … `features.18.1.bias`).
///
/// The five stride-2 convolutions pad right and bottom only, as TensorFlow does for even sizes: the
/// ImageNet weights we start from were trained so and lose 8 points of top-1 otherwise.
/// Source: Sandler, Howard, Zhu, Zhmoginov & Chen, "MobileNetV2", CVPR 2018, table 2.
class MobileNetV2 : public torch::nn::Module {
 public:
  static constexpr int kNumFeatures = 1280;
  static constexpr int kNumStages = 19;

  /// Channels that stage `num_stages` - 1 gives, and how many input pixels one of its places is
  /// wide.
  static int num_channels(int num_stages);
  static int stride(int num_stages);

  /// Only the first `num_stages`.
  explicit MobileNetV2(int num_stages = kNumStages);

  /// @param input  N x 3 x H x W, H and W multiples of 32
  /// @return       N x 1280 x H/32 x W/32; fewer stages: see num_channels and stride
  torch::Tensor forward(torch::Tensor input);
  /// What every stage gives, first to last: 16 channels at half size after stage 1, 24 at a quarter
  /// after 3, 32 at an eighth after 6, 96 at a sixteenth after 13.
  std::vector<torch::Tensor> forward_stages(torch::Tensor input);

  /// Keeps the first `num_stages` stages as they are in training: no gradients, batch norm in
  /// evaluation mode. Call after `train()`.
  void freeze(int num_stages);

 private:
  torch::nn::ModuleList features_;
};

/// An embedding network: MobileNetV2, then generalized-mean pooling and a linear layer, or pooled
/// features alone where `num_dims` is 0, or a linear layer over the whole grid of places, each
/// reduced to `grid_channels`, where that is above 0: a notch counts by where it is.
///
/// Source of the pooling: Radenovic, Tolias & Chum, "Fine-tuning CNN Image Retrieval with No Human
/// Annotation", TPAMI 2019, section 3.2. p = 1 is average pooling.
class MobileNetV2Embedder : public torch::nn::Module {
 public:
  explicit MobileNetV2Embedder(const EmbedderContract& contract);

  /// @return  N x num_dims (N x channels without the linear layer), rows of L2 norm 1
  torch::Tensor forward(torch::Tensor input);
  /// Before the linear layer: N x channels, not scaled to length 1.
  torch::Tensor pooled_features(torch::Tensor input);
  MobileNetV2& backbone() { return *backbone_; }

 private:
  double pooling_power_;
  std::shared_ptr<MobileNetV2> backbone_;
  torch::nn::Conv2d reduce_{nullptr};
  torch::nn::Linear head_{nullptr};
};

/// Copies `tensors` into the module's parameters and buffers of the same names.
///
/// Throws Error{kBadModel} that names the first missing or misshapen tensor; with `partial` missing
/// ones are left as they are. Surplus tensors are ignored.
void load_tensors(torch::nn::Module& module,
                  const std::map<std::string, torch::Tensor>& tensors,
                  bool partial = false);

/// Parameters and buffers by name.
std::map<std::string, torch::Tensor> named_tensors(const torch::nn::Module& module);

}  // namespace finview
