#pragma once

#include "finview/embedding/backbone_torch.h"

namespace finview {

/// Two convolutions of 2 x 2, 64 and 32 channels, ReLU, each followed by pooling of 2 x 2 and,
/// while learning, dropout of a half: the network that FinView's forerunner trained on whole crops.
///
/// 32 channels at a quarter of the size. With a head over all places (`grid_channels` -1) of 256
/// numbers at 224 x 224 it is that network to the parameter: 25,699,424. No
/// batch norm, no published weights; a baseline to beat.
class SimpleCnn : public Backbone {
 public:
  static constexpr int kNumStages = 2;

  /// Only the first `num_stages`.
  explicit SimpleCnn(int num_stages = kNumStages);
};

}  // namespace finview
