#pragma once

#include "finview/base/options.h"
#include "finview/training/detection_canvas_torch.h"
#include "finview/training/detection_pack.h"
#include "finview/training/detector_loss_torch.h"

#include <cstdint>
#include <vector>

namespace finview {

/// How training pictures are composed. Chances are per picture or per tile of a mosaic.
struct AugmentOptions {
  double mosaic = 0.25;        ///< chance of four tiles instead of one view
  double fin_free = 0.4;       ///< chance that a view starts from a fin-free photo
  double paste = 0.6;          ///< chance that fins are pasted into a view
  double decoy = 0.25;         ///< chance that a piece without a fin is pasted into a view
  double min_fin_size = 0.03;  ///< longest side of a fin / longest side of the input
  double max_fin_size = 0.4;
  double hue = 0.1;         ///< share of the color circle, either way (Darknet's hue)
  double saturation = 1.5;  ///< largest factor, up or down (Darknet's saturation)
  double exposure = 1.5;
  double gray = 0.1;  ///< chance of a gray picture
  double blur = 0.2;
  double noise = 0.2;

  void visit(OptionVisitor& visitor);
};

/// Pictures and labels for one step of training.
struct DetectorBatch {
  torch::Tensor images;  ///< N x 3 x H x W, RGB, 0..1, channels last
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
