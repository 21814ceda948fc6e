#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include <torch/nn/module.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>

namespace finview {

/// One small one-dimensional convolutional network over notch profiles.
///
/// Six convolutions of width 5, four of them with stride 2, with batch norm and ReLU; the 16
/// positions that are left are kept apart, so that a notch near the tip is not one near the base; a
/// linear layer.
class EdgeNetworkMember : public torch::nn::Module {
 public:
  explicit EdgeNetworkMember(std::int64_t num_dims);

  /// N x EdgeNetwork::kNumBands x EdgeNetwork::kNumSamples, scaled, to N x dims, rows of norm 1.
  torch::Tensor forward(const torch::Tensor& profiles);

 private:
  torch::nn::Sequential layers_;
  torch::nn::Linear head_{nullptr};
};

/// Members that learned from different draws, side by side: the cosine of two embeddings is the
/// mean of the members' cosines, and what one of them only imagines counts less.
class EdgeNetwork : public torch::nn::Module {
 public:
  static constexpr std::int64_t kNumBands = 4;
  static constexpr std::int64_t kNumSamples = 256;

  explicit EdgeNetwork(std::int64_t num_dims = 128, std::int64_t num_members = 1);

  /// N x kNumBands x kNumSamples (`notch_profile`) to N x num_dims(), rows of norm 1.
  torch::Tensor forward(const torch::Tensor& profiles);
  /// The same as `member` alone sees it; N x dims.
  torch::Tensor forward_member(std::size_t member, const torch::Tensor& profiles);

  /// What the bands are divided by: their standard deviation over `profiles`.
  void set_scale(const torch::Tensor& profiles);

  std::int64_t num_dims() const;  ///< of all members together
  std::size_t num_members() const { return members_.size(); }
  EdgeNetworkMember& member(std::size_t index) { return *members_[index]; }

 private:
  torch::Tensor scaled(const torch::Tensor& profiles) const;

  std::int64_t dims_per_member_;
  torch::Tensor scale_;  ///< 1 x kNumBands x 1
  std::vector<std::shared_ptr<EdgeNetworkMember>> members_;
};

/// Throws Error{kNotFound, kBadModel}.
std::shared_ptr<EdgeNetwork> read_edge_network(const std::filesystem::path& path);
/// Writes through a temporary file.
void write_edge_network(const std::filesystem::path& path, const EdgeNetwork& network);

}  // namespace finview
