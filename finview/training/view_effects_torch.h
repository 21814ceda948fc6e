#pragma once

#include "finview/embedding/embedder_contract.h"
#include "finview/training/embedder_options.h"
#include "finview/training/random_draw.h"

#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include <torch/types.h>

namespace finview {

/// Collects numbers row by row.
class Numbers {
 public:
  explicit Numbers(std::int64_t columns) : columns_(columns) {}
  void add(std::initializer_list<double> row);
  /// Rows x columns.
  torch::Tensor tensor(torch::Device device) const;

 private:
  std::int64_t columns_;
  std::vector<float> values_;
};

/// Mean 0, deviation 1.
double normal(RandomDraw& random);

/// x and y of every pixel's center of a layout, each H x W, shares of its height.
std::pair<torch::Tensor, torch::Tensor> positions(std::int64_t height,
                                                  std::int64_t width,
                                                  torch::Device device);

/// Column `i` of N x k as N x 1 x 1 x 1.
torch::Tensor column(const torch::Tensor& numbers, std::int64_t i);

/// How much of each pixel neither water nor spray covers, N x 1 x H x W; `lines`: N x 2, height and
/// slope of the water line.
torch::Tensor uncovered(const torch::Tensor& lines,
                        const EmbedderContract& contract,
                        const FinViewOptions& options,
                        RandomDraw& random);

/// Each row of N x C x H x W with a Gaussian of its own (N deviations in pixels).
torch::Tensor blurred(const torch::Tensor& planes, const torch::Tensor& deviations);

/// Each picture, with a chance of `chance`, as a JPEG file of quality 15 to 80 would give it back
/// (see `as_jpeg`).
torch::Tensor compressed(const torch::Tensor& pictures, double chance, RandomDraw& random);

}  // namespace finview
