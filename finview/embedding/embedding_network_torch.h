#pragma once

#include "finview/embedding/backbone_torch.h"
#include "finview/embedding/embedder_contract.h"

#include <memory>

#include <torch/nn.h>

namespace finview {

/// An embedding network: the contract's backbone, then generalized-mean pooling and a linear layer,
/// or pooled features alone where `num_dims` is 0, or a linear layer over the whole grid of places,
/// each reduced to `grid_channels`, where that is not 0: a notch counts by where it is.
///
/// Source of the pooling: Radenovic, Tolias & Chum, "Fine-tuning CNN Image Retrieval with No Human
/// Annotation", TPAMI 2019, section 3.2. p = 1 is average pooling.
class EmbeddingNetwork : public torch::nn::Module {
 public:
  explicit EmbeddingNetwork(const EmbedderContract& contract);

  /// @param input  N x 3 x H x W, RGB, -1..1, of the contract's size
  /// @return       N x num_dims(), rows of L2 norm 1
  torch::Tensor forward(torch::Tensor input);
  /// Before the linear layer: N x channels, not scaled to length 1.
  torch::Tensor pooled_features(torch::Tensor input);

  int num_dims() const { return num_dims_; }
  Backbone& backbone() { return *backbone_; }

 private:
  double pooling_power_;
  bool keeps_places_;
  std::shared_ptr<Backbone> backbone_;
  int num_dims_;
  torch::nn::Conv2d reduce_{nullptr};
  torch::nn::Linear head_{nullptr};
};

}  // namespace finview
