#include "finview/training/view_effects_torch.h"

#include "finview/training/jpeg_torch.h"

#include <cmath>

#include <torch/torch.h>

namespace finview {

namespace nn = torch::nn::functional;

namespace {

constexpr std::int64_t kBlurRadius = 3;
constexpr double kWorstJpeg = 15;  // qualities
constexpr double kBestJpeg = 80;

}  // namespace

void Numbers::add(std::initializer_list<double> row) {
  for (double value : row) values_.push_back(static_cast<float>(value));
}

torch::Tensor Numbers::tensor(torch::Device device) const {
  return torch::tensor(values_).view({-1, columns_}).to(device);
}

double normal(RandomDraw& random) {
  return std::sqrt(-2 * std::log(1 - random.unit())) * std::cos(2 * M_PI * random.unit());
}

std::pair<torch::Tensor, torch::Tensor> positions(std::int64_t height,
                                                  std::int64_t width,
                                                  torch::Device device) {
  const auto options = torch::TensorOptions().device(device);
  const torch::Tensor y = (torch::arange(height, options) + 0.5).div(height);
  const torch::Tensor x = (torch::arange(width, options) + 0.5).div(height);
  return {x.unsqueeze(0).expand({height, width}), y.unsqueeze(1).expand({height, width})};
}

torch::Tensor column(const torch::Tensor& numbers, std::int64_t i) {
  return numbers.select(1, i).view({-1, 1, 1, 1});
}

torch::Tensor uncovered(const torch::Tensor& lines,
                        const EmbedderContract& contract,
                        const FinViewOptions& options,
                        RandomDraw& random) {
  const std::int64_t height = contract.height_px;
  const auto [x, y] = positions(height, contract.width_px, lines.device());
  const torch::Tensor under = (y - column(lines, 0) + column(lines, 1) * (x - 0.33)) * height;
  Numbers sprays(4);
  for (std::int64_t n = 0; n < lines.size(0); ++n) {
    const double radius = random.chance(options.occlusion) ? random.log_uniform(0.02, 0.12) : -1;
    sprays.add({random.uniform(0.1, 0.5), random.uniform(0.05, 1), radius, random.uniform(0.5, 2)});
  }
  const torch::Tensor spray = sprays.tensor(lines.device());
  const torch::Tensor away = torch::sqrt(((x - column(spray, 0)) * column(spray, 3)).pow(2) +
                                         (y - column(spray, 1)).pow(2));
  return (0.5 - under).clamp(0, 1) * ((away - column(spray, 2)) * height + 0.5).clamp(0, 1);
}

torch::Tensor blurred(const torch::Tensor& planes, const torch::Tensor& deviations) {
  const std::int64_t count = planes.size(0);
  const std::int64_t channels = planes.size(1);
  const torch::Tensor offsets =
      torch::arange(-kBlurRadius, kBlurRadius + 1, deviations.options()).unsqueeze(0);
  torch::Tensor kernel =
      torch::exp(-0.5 * (offsets / deviations.clamp_min(0.05).unsqueeze(1)).pow(2));
  kernel = (kernel / kernel.sum(1, true)).repeat_interleave(channels, 0);
  const std::int64_t groups = count * channels;
  torch::Tensor x = planes.reshape({1, groups, planes.size(2), planes.size(3)});
  x = nn::pad(
      x, nn::PadFuncOptions(std::vector<std::int64_t>(4, kBlurRadius)).mode(torch::kReplicate));
  const auto alone = nn::Conv2dFuncOptions().groups(groups);
  x = nn::conv2d(x, kernel.view({groups, 1, 1, -1}), alone);
  x = nn::conv2d(x, kernel.view({groups, 1, -1, 1}), alone);
  return x.view(planes.sizes());
}

torch::Tensor compressed(const torch::Tensor& pictures, double chance, RandomDraw& random) {
  Numbers draws(2);
  for (std::int64_t n = 0; n < pictures.size(0); ++n) {
    const double is_one = random.chance(chance) ? 1 : 0;
    draws.add({is_one, std::floor(random.uniform(kWorstJpeg, kBestJpeg))});
  }
  const torch::Tensor drawn = draws.tensor(pictures.device());
  return torch::where(column(drawn, 0).gt(0), as_jpeg(pictures, drawn.select(1, 1)), pictures);
}

}  // namespace finview
