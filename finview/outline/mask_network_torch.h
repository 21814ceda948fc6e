#pragma once

#include "finview/embedding/mobilenet_v2_torch.h"

#include <memory>
#include <string>

#include <torch/nn.h>

namespace finview {

/// How a crop has to be laid out for the mask networks. Stands in the model file as JSON.
///
/// A crop is scaled to fit a square of `fine_px`, base at the bottom, the rest neutral grey; the
/// first network sees that square at `coarse_px`, the second one at full size.
struct MaskContract {
  int coarse_px = 192;  ///< multiple of 16
  int fine_px = 512;    ///< multiple of 4
  /// Chance that a mask is usable: 1 / (1 + exp(-(slope * expected overlap + offset))).
  double confidence_slope = 20;
  double confidence_offset = -17;

  std::string to_json() const;
  /// Throws Error{kBadModel} that names the faulty or unknown key.
  static MaskContract from_json(const std::string& text);
};

/// Finds the one fin a crop is about and tells it from other fins.
///
/// MobileNetV2 up to stride 16, then a decoder that adds the finer stages again (Ronneberger,
/// Fischer & Brox, "U-Net", MICCAI 2015; additions instead of concatenations).
class CoarseMaskNetwork : public torch::nn::Module {
 public:
  static constexpr int kNumStages = 14;
  static constexpr int kNumOutputs = 2;  ///< the fin; fins of other animals

  CoarseMaskNetwork();

  /// @param input  N x 3 x H x W, RGB, -1..1, H and W multiples of 16
  /// @return       N x 2 x H/2 x W/2, logits
  torch::Tensor forward(const torch::Tensor& input);
  MobileNetV2& backbone() { return *backbone_; }

 private:
  std::shared_ptr<MobileNetV2> backbone_;
  torch::nn::ModuleList laterals_;
  torch::nn::ModuleList blocks_;
  torch::nn::Conv2d head_{nullptr};
};

/// Places the border of a coarse mask among the pixels of a larger picture.
class FineMaskNetwork : public torch::nn::Module {
 public:
  FineMaskNetwork();

  /// @param input   N x 3 x H x W, RGB, -1..1, H and W multiples of 4
  /// @param coarse  N x 1 x H x W, probability of the fin
  /// @return        N x 1 x H x W, logits
  torch::Tensor forward(const torch::Tensor& input, const torch::Tensor& coarse);

 private:
  torch::nn::Sequential stem_;
  torch::nn::Sequential half_;
  torch::nn::Sequential quarter_;
  torch::nn::Sequential last_;
};

/// Both networks, as a model file of kind "fin-outline" holds them.
class MaskNetworks : public torch::nn::Module {
 public:
  MaskNetworks();
  CoarseMaskNetwork& coarse() { return *coarse_; }
  FineMaskNetwork& fine() { return *fine_; }

 private:
  std::shared_ptr<CoarseMaskNetwork> coarse_;
  std::shared_ptr<FineMaskNetwork> fine_;
};

}  // namespace finview
