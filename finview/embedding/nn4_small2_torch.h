#pragma once

#include "finview/embedding/backbone_torch.h"

namespace finview {

/// FaceNet's inception network NN4 in OpenFace's smaller form, nn4.small2, without its linear
/// layer.
///
/// Nine stages: the 7 x 7 convolution with its pooling, the two convolutions after it with theirs,
/// then inception modules 3a to 5b. 640 channels at a sixteenth of the size after stage 5 (from 0),
/// 736 at a thirty-second after 8. Where OpenFace's pooling inside a module skips places and fills
/// up with zeros around them, ours pools at every place; it has no response normalization between
/// the first convolutions. Every convolution is followed by batch norm. The input is turned into
/// 0..1.
/// Sources: Schroff, Kalenichenko & Philbin, "FaceNet", CVPR 2015, table 1; Amos, Ludwiczuk &
/// Satyanarayanan, "OpenFace", CMU-CS-16-118, 2016, table 2 of the models it publishes.
class Nn4Small2 : public Backbone {
 public:
  static constexpr int kNumStages = 9;

  /// Only the first `num_stages`.
  explicit Nn4Small2(int num_stages = kNumStages);
};

}  // namespace finview
