#pragma once

#include "finview/detection/darknet_network_torch.h"

#include <filesystem>

namespace finview {

/// Starts a network's MobileNetV2 backbone from ImageNet weights.
///
/// `path`: a dictionary of tensors with torchvision's `mobilenet_v2` names, written by
/// `torch.save`, for RGB input of -1..1. The network's convolutions, in order, take the
/// dictionary's as long as the shapes agree; the first one absorbs the change to input 0..1.
/// `mirror_kernels`: turns 3 x 3 kernels left-right, for weights trained with TensorFlow's padding
/// (right and bottom) in a network that pads on all sides. Returns the number of layers up to the
/// last convolution filled. Throws Error{kBadModel} if the dictionary lacks a tensor or the first
/// convolutions do not fit.
int load_imagenet_backbone(DarknetNetwork& network,
                           const std::filesystem::path& path,
                           bool mirror_kernels);

}  // namespace finview
