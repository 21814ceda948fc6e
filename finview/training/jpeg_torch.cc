#include "finview/training/jpeg_torch.h"

#include <cmath>
#include <vector>

#include <torch/torch.h>

namespace finview {
namespace {

constexpr std::int64_t kBlock = 8;

// Tables K.1 and K.2.
const std::vector<float> kLuminance{
    16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,  //
    14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,  //
    18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,  //
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99};
const std::vector<float> kChrominance{
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,  //
    24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,  //
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,  //
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99};

/// 8 x 8: row k is the k-th cosine, rows of length 1.
torch::Tensor cosines(torch::Device device) {
  std::vector<float> values;
  for (int k = 0; k < kBlock; ++k) {
    const double scale = std::sqrt((k == 0 ? 1.0 : 2.0) / kBlock);
    for (int i = 0; i < kBlock; ++i) {
      values.push_back(static_cast<float>(scale * std::cos((2 * i + 1) * k * M_PI / (2 * kBlock))));
    }
  }
  return torch::tensor(values).view({kBlock, kBlock}).to(device);
}

/// N x C x 1 x 1 x 8 x 8: steps of each picture's channels, luminance first.
torch::Tensor steps(const torch::Tensor& qualities, std::int64_t channels) {
  const torch::Tensor quality = qualities.to(torch::kFloat).clamp(1, 100).view({-1, 1, 1, 1});
  const torch::Tensor scale = torch::where(quality < 50, 5000 / quality, 200 - 2 * quality).floor();
  std::vector<torch::Tensor> tables;
  for (std::int64_t c = 0; c < channels; ++c) {
    tables.push_back(torch::tensor(c == 0 ? kLuminance : kChrominance).view({kBlock, kBlock}));
  }
  const torch::Tensor table = torch::stack(tables).unsqueeze(0).to(qualities.device());
  return ((table * scale + 50) / 100).floor().clamp(1, 255).unsqueeze(2).unsqueeze(2);
}

/// `matrix` (3 x 3) times the color of each pixel.
torch::Tensor mixed(const torch::Tensor& pictures, const std::vector<float>& matrix) {
  const torch::Tensor weights = torch::tensor(matrix).view({3, 3}).to(pictures.device());
  return weights.matmul(pictures.flatten(2)).view(pictures.sizes());
}

// Of channels that are centered on 0.
const std::vector<float> kToYcc{
    0.299F, 0.587F, 0.114F, -0.168736F, -0.331264F, 0.5F, 0.5F, -0.418688F, -0.081312F};
const std::vector<float> kToRgb{1, 0, 1.402F, 1, -0.344136F, -0.714136F, 1, 1.772F, 0};

}  // namespace

torch::Tensor as_jpeg(const torch::Tensor& pictures, const torch::Tensor& qualities) {
  const torch::NoGradGuard no_grad;
  const std::int64_t count = pictures.size(0);
  const std::int64_t channels = pictures.size(1);
  const std::int64_t rows = pictures.size(2) / kBlock;
  const std::int64_t columns = pictures.size(3) / kBlock;
  torch::Tensor x = pictures.round().clamp(0, 255) - 128;
  if (channels == 3) x = mixed(x, kToYcc).round();
  const torch::Tensor blocks =
      x.reshape({count, channels, rows, kBlock, columns, kBlock}).permute({0, 1, 2, 4, 3, 5});
  const torch::Tensor transform = cosines(pictures.device());
  const torch::Tensor step = steps(qualities, channels);
  const torch::Tensor stored =
      transform.matmul(blocks).matmul(transform.t()).div(step).round().mul(step);
  x = transform.t().matmul(stored).matmul(transform);
  x = x.permute({0, 1, 2, 4, 3, 5}).reshape(pictures.sizes()).round().clamp(-128, 127);
  if (channels == 3) x = mixed(x, kToRgb);
  return (x + 128).round().clamp(0, 255);
}

}  // namespace finview
