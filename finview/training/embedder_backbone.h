#pragma once

#include "finview/training/embedder_head.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// MobileNetV2 with fixed weights, as an embedder is built from it.
class EmbedderBackbone {
 public:
  static constexpr std::size_t kNumFeatures = 1280;

  /// `weights`: a dictionary of tensors with torchvision's `mobilenet_v2` names, written by
  /// `torch.save`. `pooling_power`: of the generalized mean, 1 = average.
  /// Throws Error{kNotFound} if there is no such file, Error{kBadModel} if it holds something else.
  EmbedderBackbone(const std::filesystem::path& weights, double pooling_power);
  ~EmbedderBackbone();

  /// Pooled features, one row of kNumFeatures per picture.
  ///
  /// `bgr`: pictures of input_px x input_px x 3 bytes, one after the other, as `embedder_input`
  /// lays them out; input_px a multiple of 32. Throws Error{kBadInput} for another size.
  std::vector<float> features(std::span<const std::uint8_t> bgr, int input_px) const;

  /// Writes backbone and head as a model file of kind "embedder". `contract_json`: the text of an
  /// `EmbedderContract` that names the head's number of dimensions; a head without outputs: pooled
  /// features alone.
  void write_embedder(const std::filesystem::path& path,
                      const std::string& contract_json,
                      const LinearHead& head) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
