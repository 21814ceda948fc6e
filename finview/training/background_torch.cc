#include "finview/training/background_torch.h"

#include <torch/torch.h>

namespace finview {
namespace {

namespace nn = torch::nn::functional;

constexpr double kUnknown = 128;
constexpr double kSmall = 1e-6;
constexpr std::int64_t kRimPx = 2;  // around a fin, where its own border shows

}  // namespace

torch::Tensor filled_in(const torch::Tensor& pictures, const torch::Tensor& known) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor weighted = pictures * known;
  const bool halves = pictures.size(2) % 2 == 0 && pictures.size(3) % 2 == 0;
  torch::Tensor around;
  if (halves) {
    const torch::Tensor share = torch::avg_pool2d(known, 2);
    // One known pixel of the four is enough.
    const torch::Tensor coarse = filled_in(torch::avg_pool2d(weighted, 2) / share.clamp_min(kSmall),
                                           (4 * share).clamp_max(1));
    around = nn::interpolate(coarse,
                             nn::InterpolateFuncOptions()
                                 .scale_factor(std::vector<double>{2, 2})
                                 .mode(torch::kBilinear)
                                 .align_corners(false));
  } else {
    const torch::Tensor share = known.sum({2, 3}, true);
    around = torch::where(share > kSmall,
                          weighted.sum({2, 3}, true) / share.clamp_min(kSmall),
                          torch::full_like(share, kUnknown));
  }
  return weighted + around * (1 - known);
}

torch::Tensor with_backgrounds(const torch::Tensor& pictures,
                               const torch::Tensor& fins,
                               const torch::Tensor& shown,
                               const torch::Tensor& from) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor wide_fins = torch::max_pool2d(fins, 2 * kRimPx + 1, 1, kRimPx);
  const torch::Tensor backgrounds =
      filled_in(pictures, shown * (1 - wide_fins)).index_select(0, from);
  const torch::Tensor own = torch::arange(from.size(0), from.options());
  return torch::where(
      from.eq(own).view({-1, 1, 1, 1}), pictures, pictures * fins + backgrounds * (1 - fins));
}

}  // namespace finview
