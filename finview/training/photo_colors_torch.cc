#include "finview/training/photo_colors_torch.h"

#include <cmath>

#include <ATen/CPUGeneratorImpl.h>
#include <torch/nn/functional/conv.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr double kMaxBlurSigmaPx = 1.6;
constexpr double kMaxNoise = 0.04;

/// 3 x 3: turns about the gray axis by `angle_rad` (Rodrigues), scales the rest by `saturation`.
torch::Tensor color_matrix(double angle_rad, double saturation) {
  const double c = std::cos(angle_rad);
  const double s = std::sin(angle_rad);
  const double third = (1 - c) / 3;
  const double root = s / std::sqrt(3.0);
  const auto turn = torch::tensor({c + third,
                                   third - root,
                                   third + root,
                                   third + root,
                                   c + third,
                                   third - root,
                                   third - root,
                                   third + root,
                                   c + third})
                        .to(torch::kFloat)
                        .reshape({3, 3});
  const auto gray = torch::tensor({0.299F, 0.587F, 0.114F}).expand({3, 3});
  return (saturation * torch::eye(3) + (1 - saturation) * gray).matmul(turn);
}

torch::Tensor blurred(const torch::Tensor& rgb, double sigma_px) {
  namespace F = torch::nn::functional;
  const int radius = std::max(1, static_cast<int>(std::ceil(2 * sigma_px)));
  const auto x = torch::arange(-radius, radius + 1, torch::kFloat);
  auto kernel = torch::exp(-x.square() / (2 * sigma_px * sigma_px));
  kernel = (kernel / kernel.sum()).reshape({1, 1, 1, -1}).repeat({3, 1, 1, 1});
  const auto padded = torch::replication_pad2d(rgb.unsqueeze(0), {radius, radius, radius, radius});
  const auto rows = F::conv2d(padded, kernel, F::Conv2dFuncOptions().groups(3));
  return F::conv2d(rows, kernel.transpose(2, 3), F::Conv2dFuncOptions().groups(3)).squeeze(0);
}

}  // namespace

torch::Tensor change_colors(const torch::Tensor& rgb,
                            const AugmentOptions& options,
                            RandomDraw& random) {
  const double angle = 2 * M_PI * random.uniform(-options.hue, options.hue);
  double saturation = random.log_uniform(1 / options.saturation, options.saturation);
  if (random.chance(options.gray)) saturation = 0;
  const double exposure = random.log_uniform(1 / options.exposure, options.exposure);
  const auto matrix = color_matrix(angle, saturation) * exposure;
  auto changed = torch::matmul(matrix, rgb.flatten(1)).reshape(rgb.sizes()).clamp(0, 1);
  if (random.chance(options.blur)) changed = blurred(changed, random.uniform(0.4, kMaxBlurSigmaPx));
  if (random.chance(options.noise)) {
    auto generator = at::detail::createCPUGenerator(random.bits());
    const auto noise = torch::randn(changed.sizes(), generator);
    changed = (changed + noise * random.uniform(0.005, kMaxNoise)).clamp(0, 1);
  }
  return changed;
}

}  // namespace finview
