#include "finview/embedding/embedding_network_torch.h"

#include <utility>

#include <torch/torch.h>

namespace finview {

namespace nn = torch::nn;

EmbeddingNetwork::EmbeddingNetwork(const EmbedderContract& contract)
    : pooling_power_(contract.pooling_power),
      keeps_places_(contract.grid_channels != 0),
      backbone_(register_module("backbone", make_backbone(contract.network, contract.num_stages))),
      num_dims_(contract.num_dims > 0 ? contract.num_dims : backbone_->num_channels()) {
  int num_inputs = backbone_->num_channels();
  if (contract.grid_channels > 0) {
    reduce_ = register_module("reduce", nn::Conv2d(num_inputs, contract.grid_channels, 1));
    num_inputs = contract.grid_channels;
  }
  if (keeps_places_) {
    num_inputs *=
        (contract.height_px / backbone_->stride()) * (contract.width_px / backbone_->stride());
  }
  if (contract.num_dims > 0) {
    head_ = register_module("head", nn::Linear(num_inputs, contract.num_dims));
  }
}

torch::Tensor EmbeddingNetwork::pooled_features(torch::Tensor input) {
  torch::Tensor x = backbone_->forward(std::move(input));
  if (pooling_power_ != 1) x = x.clamp_min(1e-6).pow(pooling_power_);
  x = x.mean({2, 3});
  return pooling_power_ == 1 ? x : x.pow(1 / pooling_power_);
}

torch::Tensor EmbeddingNetwork::forward(torch::Tensor input) {
  torch::Tensor x;
  if (keeps_places_) {
    x = backbone_->forward(std::move(input));
    if (!reduce_.is_empty()) x = reduce_(x);
    x = x.contiguous().flatten(1);
  } else {
    x = pooled_features(std::move(input));
  }
  if (!head_.is_empty()) x = head_(x);
  return nn::functional::normalize(x, nn::functional::NormalizeFuncOptions().dim(1));
}

}  // namespace finview
