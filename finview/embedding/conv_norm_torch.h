#pragma once

#include <torch/nn.h>

namespace finview {

/// Batch norm of a convolution without bias. In evaluation mode both are one convolution, which
/// spares a walk over the picture: scale and offset of the norm go into its weights.
///
/// @param x  N x C x H x W
torch::Tensor conv_norm(torch::nn::Conv2dImpl& conv,
                        torch::nn::BatchNorm2dImpl& norm,
                        const torch::Tensor& x);

/// The layers one after the other, `conv_norm` wherever a convolution is followed by its norm.
torch::Tensor forward_folded(torch::nn::SequentialImpl& layers, torch::Tensor x);

}  // namespace finview
