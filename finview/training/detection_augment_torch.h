#pragma once

#include "finview/training/detection_augment.h"
#include "finview/training/detection_canvas_torch.h"
#include "finview/training/detection_pack.h"
#include "finview/training/detector_loss_torch.h"

#include <cstdint>
#include <vector>

namespace finview {

/// Pictures and labels for one step of training.
struct DetectorBatch {
  torch::Tensor images;  ///< N x 3 x H x W, RGB, 0..1
  std::vector<TargetBox> targets;
};

/// Composes training pictures out of labelled ones.
///
/// A view is a photo at a random scale and position, mirrored half of the time; fins cut from
/// close-ups and other photos are pasted into it with soft edges and the color of their new
/// surroundings; four views can make a mosaic (Bochkovskiy et al. 2020, section 3.3; copy-paste:
/// Ghiasi et al. 2021). Const and thread-safe.
class DetectionAugmenter {
 public:
  /// Throws Error{kBadInput} without a labelled photo or cutout.
  DetectionAugmenter(const std::vector<DetectionSample>& samples, const AugmentOptions& options);

  /// The pictures depend on `seed`, the sizes and the samples alone.
  DetectorBatch batch(std::uint64_t seed, int num_images, int width_px, int height_px) const;

 private:
  std::vector<PictureSource> fin_photos_;
  std::vector<PictureSource> fin_free_;
  std::vector<PictureSource> cutouts_;  ///< one box each
  AugmentOptions options_;
};

/// `sample`'s pixels as a tensor of bytes, 3 x H x W.
torch::Tensor sample_tensor(const DetectionSample& sample);

}  // namespace finview
