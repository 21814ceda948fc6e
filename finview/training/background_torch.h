#pragma once

#include <torch/types.h>

namespace finview {

/// The pictures with what is not known of them filled in from what lies around, coarser the farther
/// away it lies; gray (128) where nothing of a picture is known.
///
/// @param pictures  N x C x H x W, 0..255
/// @param known     N x 1 x H x W, how much of the pixel is known, 0..1
/// Source: Gortler, Grzeszczuk, Szeliski & Cohen, "The Lumigraph", SIGGRAPH 1996, section 3.4
/// ("push-pull").
torch::Tensor filled_in(const torch::Tensor& pictures, const torch::Tensor& known);

/// Each picture's fin before the background of another picture; what is fin stays as it is.
///
/// @param pictures  N x C x H x W, 0..255
/// @param fins      N x 1 x H x W, how much of the pixel is fin, 0..1
/// @param shown     likewise, how much of it the photo shows at all
/// @param from      N indices: whose background; its own index keeps a picture as it is
torch::Tensor with_backgrounds(const torch::Tensor& pictures,
                               const torch::Tensor& fins,
                               const torch::Tensor& shown,
                               const torch::Tensor& from);

}  // namespace finview
