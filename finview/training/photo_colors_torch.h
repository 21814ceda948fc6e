#pragma once

#include "finview/training/detection_augment.h"
#include "finview/training/random_draw.h"

#include <torch/types.h>

namespace finview {

/// Random hue, saturation, exposure, gray, blur and noise, as `options` limits them.
///
/// `rgb`: 3 x H x W, 0..1; the result has the same form. Hue and saturation are a rotation about
/// and a scaling toward the gray axis, which differs from Darknet's HSV only in brightness.
torch::Tensor change_colors(const torch::Tensor& rgb,
                            const AugmentOptions& options,
                            RandomDraw& random);

}  // namespace finview
