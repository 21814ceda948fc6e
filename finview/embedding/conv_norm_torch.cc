#include "finview/embedding/conv_norm_torch.h"

#include <torch/torch.h>

namespace finview {

namespace nn = torch::nn;

torch::Tensor conv_norm(nn::Conv2dImpl& conv, nn::BatchNorm2dImpl& norm, const torch::Tensor& x) {
  if (norm.is_training()) return norm.forward(conv.forward(x));
  const torch::Tensor scale = norm.weight * torch::rsqrt(norm.running_var + norm.options.eps());
  const torch::Tensor offset = norm.bias - norm.running_mean * scale;
  const auto& options = conv.options;
  // "get" is that of the variant, whose namespace differs between LibTorch 1 and 2.
  return torch::conv2d(x,
                       conv.weight * scale.view({-1, 1, 1, 1}),
                       offset,
                       options.stride(),
                       get<torch::ExpandingArray<2>>(options.padding()),
                       options.dilation(),
                       options.groups());
}

torch::Tensor forward_folded(nn::SequentialImpl& layers, torch::Tensor x) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    auto* conv = layers[i]->as<nn::Conv2dImpl>();
    auto* norm = i + 1 < layers.size() ? layers[i + 1]->as<nn::BatchNorm2dImpl>() : nullptr;
    if (conv != nullptr && norm != nullptr) {
      x = conv_norm(*conv, *norm, x);
      ++i;
    } else {
      x = std::next(layers.begin(), static_cast<std::ptrdiff_t>(i))->forward(x);
    }
  }
  return x;
}

}  // namespace finview
