#pragma once

#include "finview/embedding/backbone_torch.h"

namespace finview {

/// ResNet-50 without its classifier; parameter names are torchvision's (`conv1.weight`, `bn1.bias`,
/// `layer1.0.conv1.weight` … `layer4.2.bn3.running_var`).
///
/// The first stage is the 7 x 7 convolution with its pooling (a quarter of the size), the others
/// are the 16 bottlenecks: 256 channels at a quarter after stage 3 (from 0), 512 at an eighth after
/// 7, 1024 at a sixteenth after 13, 2048 at a thirty-second after 16. The input is normalized by
/// ImageNet's means and deviations, as torchvision's weights expect.
/// Source: He, Zhang, Ren & Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, table
/// 1; halves the size in a bottleneck's 3 x 3 convolution instead of its first, as torchvision.
class ResNet50 : public Backbone {
 public:
  static constexpr int kNumStages = 17;

  /// Only the first `num_stages`.
  explicit ResNet50(int num_stages = kNumStages);
};

}  // namespace finview
