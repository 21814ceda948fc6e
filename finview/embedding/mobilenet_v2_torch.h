#pragma once

#include "finview/embedding/backbone_torch.h"

namespace finview {

/// MobileNetV2, width 1.0, without its classifier; parameter names are torchvision's
/// (`features.0.0.weight` … `features.18.1.bias`).
///
/// Stages give 16 channels at half size after stage 1 (from 0), 24 at a quarter after 3, 32 at an
/// eighth after 6, 96 at a sixteenth after 13, 1280 at a thirty-second after 18.
///
/// The five stride-2 convolutions pad right and bottom only, as TensorFlow does for even sizes: the
/// ImageNet weights we start from were trained so and lose 8 points of top-1 otherwise.
/// Source: Sandler, Howard, Zhu, Zhmoginov & Chen, "MobileNetV2", CVPR 2018, table 2.
class MobileNetV2 : public Backbone {
 public:
  static constexpr int kNumFeatures = 1280;
  static constexpr int kNumStages = 19;

  /// Only the first `num_stages`.
  explicit MobileNetV2(int num_stages = kNumStages);
};

}  // namespace finview
