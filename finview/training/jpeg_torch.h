#pragma once

#include <torch/types.h>

namespace finview {

/// The pictures as they come back from a JPEG file.
///
/// Baseline JPEG without thinning out of colors: Y, Cb, Cr, blocks of 8 x 8, cosine transform,
/// coefficients in whole steps of the tables that the standard proposes, scaled by quality as the
/// Independent JPEG Group's library does. No slopes pass. Source: ITU-T T.81 (1992), annex A.3 and
/// tables K.1 and K.2; colors by ITU-T T.871.
///
/// @param pictures   N x 1 x H x W gray or N x 3 x H x W RGB, 0..255, H and W multiples of 8;
///                   rounded to whole numbers first, as a file holds them
/// @param qualities  N numbers, 1 (worst) to 100
torch::Tensor as_jpeg(const torch::Tensor& pictures, const torch::Tensor& qualities);

}  // namespace finview
