#pragma once

#include "finview/base/options.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace finview {

struct MaskTrainerOptions {
  std::int64_t num_steps = 4000;
  std::int64_t batch_size = 12;
  double learning_rate = 1e-3;
  double backbone_rate = 0.3;
  double weight_decay = 1e-4;
  std::int64_t frozen_stages = 3;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field("steps", num_steps, "Optimizer steps", 0, 10'000'000);
    visitor.field("batch", batch_size, "Views in a step", 1, 1000);
    visitor.field("learning-rate", learning_rate, "Largest learning rate", 1e-8, 1.0);
    visitor.field(
        "backbone-rate", backbone_rate, "Of the backbone, as share of the new layers'", 0.0, 1.0);
    visitor.field("weight-decay", weight_decay, "AdamW's weight decay", 0.0, 1.0);
    visitor.field("frozen-stages",
                  frozen_stages,
                  "MobileNetV2 stages that keep their start weights, of 14",
                  0,
                  14);
    visitor.field("seed", seed, "Of first weights, pictures and views", 0, 1'000'000'000);
  }
};

/// Views of fins to learn from, one after the other.
struct MaskBatch {
  std::int64_t num_views = 0;
  /// num_views x coarse_px x coarse_px x 3, BGR.
  std::vector<std::uint8_t> coarse_bgr;
  /// num_views x 4 x coarse_px/2 x coarse_px/2: share of the place that is fin, that is fin of
  /// another animal, and for each of the two whether it is known (255) or not (0).
  std::vector<std::uint8_t> coarse_truth;
  /// A piece of each view at full size: num_views x patch_px x patch_px x 3, BGR.
  std::vector<std::uint8_t> fine_bgr;
  /// num_views x 2 x patch_px x patch_px: fin, and whether that is known.
  std::vector<std::uint8_t> fine_truth;
  /// Where in its view each piece lies: left and top, as share of the view's side.
  std::vector<float> patch_corners;
};

/// Losses of one step.
struct MaskStep {
  double coarse_loss = 0;
  double fine_loss = 0;
};

/// Teaches both mask networks at once; the second one refines what the first one says at that time.
///
/// Loss of the first: cross-entropy and 1 - Dice's coefficient (Milletari, Navab & Ahmadi, "V-Net",
/// 3DV 2016, section 3); of the second: cross-entropy. AdamW, linear warm-up over the first 5 % of
/// the steps, cosine decay. The backbone's batch norm stays as it is. Deterministic for one number
/// of threads.
class MaskTrainer {
 public:
  static constexpr int kPatchPx = 160;

  /// `weights`: what to start from, a model of kind "fin-outline" (.fvm) or else MobileNetV2 as
  /// `torch.save` writes it. `contract_json`: of the model (`MaskContract`). Throws
  /// Error{kNotFound}, Error{kBadModel}.
  MaskTrainer(const std::filesystem::path& weights,
              const std::string& contract_json,
              const MaskTrainerOptions& options);
  ~MaskTrainer();

  /// Throws Error{kBadInput} for a batch whose sizes do not fit and Error{kUnavailable} if the loss
  /// is not finite.
  MaskStep step(const MaskBatch& batch);

  /// Writes both networks as a model file of kind "fin-outline".
  void write(const std::filesystem::path& path, const std::string& contract_json) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
