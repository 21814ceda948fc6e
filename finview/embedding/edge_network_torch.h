#pragma once

#include <cstdint>
#include <filesystem>

#include <torch/nn/module.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>

namespace finview {

/// A small one-dimensional convolutional network over notch profiles.
///
/// Six convolutions of width 5, four of them with stride 2, with batch norm and ReLU; the 16
/// positions that are left are kept apart, so that a notch near the tip is not one near the base; a
/// linear layer.
class EdgeNetwork : public torch::nn::Module {
 public:
  static constexpr std::int64_t kNumBands = 4;
  static constexpr std::int64_t kNumSamples = 256;

  explicit EdgeNetwork(std::int64_t num_dims = 128);

  /// N x kNumBands x kNumSamples (`notch_profile`) to N x dims, rows of norm 1.
  torch::Tensor forward(const torch::Tensor& profiles);

  /// What the bands are divided by: their standard deviation over `profiles`.
  void set_scale(const torch::Tensor& profiles);

  std::int64_t num_dims() const { return num_dims_; }

 private:
  std::int64_t num_dims_;
  torch::Tensor scale_;  ///< 1 x kNumBands x 1
  torch::nn::Sequential layers_;
  torch::nn::Linear head_{nullptr};
};

/// Throws Error{kNotFound, kBadModel}.
std::shared_ptr<EdgeNetwork> read_edge_network(const std::filesystem::path& path);
/// Writes through a temporary file.
void write_edge_network(const std::filesystem::path& path, const EdgeNetwork& network);

}  // namespace finview
