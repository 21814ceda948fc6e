#include "finview/training/mask_trainer.h"

#include "finview/base/error.h"
#include "finview/embedding/model_file_torch.h"
#include "finview/outline/mask_network_torch.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

namespace functional = torch::nn::functional;

constexpr double kOthersWeight = 0.5;

torch::Tensor bytes(const std::vector<std::uint8_t>& values, at::IntArrayRef shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  if (count != static_cast<std::int64_t>(values.size())) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format("A batch of masks has {} bytes where {} are needed.", values.size(), count));
  }
  return torch::from_blob(const_cast<std::uint8_t*>(values.data()), shape, torch::kByte);
}

/// N x 3 x S x S, RGB, -1..1, channels last.
torch::Tensor pictures(const std::vector<std::uint8_t>& bgr, std::int64_t count, std::int64_t px) {
  return bytes(bgr, {count, px, px, 3})
      .flip(3)
      .permute({0, 3, 1, 2})
      .to(torch::kFloat)
      .sub_(127.5)
      .div_(127.5);
}

/// Mean over the known places.
torch::Tensor cross_entropy(const torch::Tensor& logits,
                            const torch::Tensor& truth,
                            const torch::Tensor& known) {
  const torch::Tensor each =
      torch::binary_cross_entropy_with_logits(logits, truth, {}, {}, at::Reduction::None);
  return (each * known).sum() / known.sum().clamp_min(1);
}

/// 1 - Dice's coefficient, mean over the views.
torch::Tensor dice_loss(const torch::Tensor& logits,
                        const torch::Tensor& truth,
                        const torch::Tensor& known) {
  const torch::Tensor found = logits.sigmoid() * known;
  const torch::Tensor wanted = truth * known;
  const torch::Tensor common = (found * wanted).sum({1, 2});
  const torch::Tensor total = found.sum({1, 2}) + wanted.sum({1, 2});
  return (1 - (2 * common + 1) / (total + 1)).mean();
}

/// The coarse probability of the pieces, at their pixels: N x 1 x patch x patch.
torch::Tensor probability_of_patches(const torch::Tensor& coarse_logits,
                                     const std::vector<float>& corners,
                                     std::int64_t patch_px,
                                     std::int64_t fine_px) {
  const std::int64_t count = coarse_logits.size(0);
  const double share = static_cast<double>(patch_px) / static_cast<double>(fine_px);
  const torch::Tensor steps =
      (torch::arange(patch_px, torch::kFloat) + 0.5) / static_cast<double>(patch_px) * share;
  const torch::Tensor corner = torch::tensor(corners).view({count, 2});
  const torch::Tensor x = (corner.select(1, 0).unsqueeze(1) + steps) * 2 - 1;
  const torch::Tensor y = (corner.select(1, 1).unsqueeze(1) + steps) * 2 - 1;
  const torch::Tensor grid = torch::stack({x.unsqueeze(1).expand({count, patch_px, patch_px}),
                                           y.unsqueeze(2).expand({count, patch_px, patch_px})},
                                          3);
  const torch::Tensor probability = coarse_logits.narrow(1, 0, 1).sigmoid().contiguous();
  return torch::grid_sampler_2d(probability, grid.contiguous(), 0, 1, false);
}

}  // namespace

struct MaskTrainer::Impl {
  Impl(const MaskContract& wanted_contract, const MaskTrainerOptions& wanted)
      : contract(wanted_contract), options(wanted) {}

  void make_optimizer();
  void set_learning_rate();

  MaskContract contract;
  MaskTrainerOptions options;
  MaskNetworks networks;
  std::unique_ptr<torch::optim::AdamW> optimizer;
  std::int64_t num_done = 0;
};

/// First group: the backbone; second group: all else.
void MaskTrainer::Impl::make_optimizer() {
  std::vector<torch::Tensor> backbone;
  std::vector<torch::Tensor> fresh;
  for (const auto& item : networks.named_parameters()) {
    if (!item.value().requires_grad()) continue;
    const bool is_backbone = item.key().starts_with("coarse.backbone");
    (is_backbone ? backbone : fresh).push_back(item.value());
  }
  std::vector<torch::optim::OptimizerParamGroup> groups;
  for (auto& parameters : {backbone, fresh}) {
    groups.emplace_back(parameters,
                        std::make_unique<torch::optim::AdamWOptions>(
                            torch::optim::AdamWOptions().weight_decay(options.weight_decay)));
  }
  optimizer = std::make_unique<torch::optim::AdamW>(groups, torch::optim::AdamWOptions());
}

void MaskTrainer::Impl::set_learning_rate() {
  const auto total = static_cast<double>(options.num_steps);
  const double at = static_cast<double>(num_done) + 1;
  const double rate = options.learning_rate * std::min(1.0, at / std::max(1.0, total / 20)) * 0.5 *
                      (1 + std::cos(M_PI * std::min(1.0, at / (total + 1))));
  double share = options.backbone_rate;
  for (auto& group : optimizer->param_groups()) {
    static_cast<torch::optim::AdamWOptions&>(group.options()).lr(rate * share);
    share = 1;
  }
}

MaskTrainer::MaskTrainer(const std::filesystem::path& weights,
                         const std::string& contract_json,
                         const MaskTrainerOptions& options) {
  check_options(options);
  torch::manual_seed(static_cast<std::uint64_t>(options.seed));
  impl_ = std::make_unique<Impl>(MaskContract::from_json(contract_json), options);
  MobileNetV2& backbone = impl_->networks.coarse().backbone();
  if (weights.extension() == ".fvm") {
    load_tensors(impl_->networks, read_model_file(weights, "fin-outline").tensors);
  } else {
    load_tensors(backbone, read_tensor_dictionary(weights));
  }
  impl_->networks.train();
  backbone.eval();
  backbone.freeze(static_cast<int>(options.frozen_stages));
  impl_->make_optimizer();
}

MaskTrainer::~MaskTrainer() = default;

MaskStep MaskTrainer::step(const MaskBatch& batch) {
  const std::int64_t count = batch.num_views;
  const std::int64_t coarse_px = impl_->contract.coarse_px;
  const std::int64_t half = coarse_px / 2;
  const torch::Tensor truth =
      bytes(batch.coarse_truth, {count, 4, half, half}).to(torch::kFloat) / 255;
  const torch::Tensor fine_truth =
      bytes(batch.fine_truth, {count, 2, kPatchPx, kPatchPx}).to(torch::kFloat) / 255;

  impl_->set_learning_rate();
  impl_->optimizer->zero_grad();
  const torch::Tensor coarse =
      impl_->networks.coarse().forward(pictures(batch.coarse_bgr, count, coarse_px));
  const torch::Tensor fin = coarse.select(1, 0);
  const torch::Tensor coarse_loss =
      cross_entropy(fin, truth.select(1, 0), truth.select(1, 2)) +
      dice_loss(fin, truth.select(1, 0), truth.select(1, 2)) +
      kOthersWeight * cross_entropy(coarse.select(1, 1), truth.select(1, 1), truth.select(1, 3));

  const torch::Tensor hint = probability_of_patches(
      coarse.detach(), batch.patch_corners, kPatchPx, impl_->contract.fine_px);
  const torch::Tensor fine =
      impl_->networks.fine().forward(pictures(batch.fine_bgr, count, kPatchPx), hint).select(1, 0);
  const torch::Tensor fine_loss =
      cross_entropy(fine, fine_truth.select(1, 0), fine_truth.select(1, 1));

  (coarse_loss + fine_loss).backward();
  impl_->optimizer->step();
  ++impl_->num_done;
  const MaskStep now{coarse_loss.item<double>(), fine_loss.item<double>()};
  if (!std::isfinite(now.coarse_loss + now.fine_loss)) {
    throw Error(ErrorKind::kUnavailable,
                fmt::format("Training failed at step {}: the loss is not finite. Use a smaller "
                            "--learning-rate than {}.",
                            impl_->num_done,
                            impl_->options.learning_rate));
  }
  return now;
}

void MaskTrainer::write(const std::filesystem::path& path, const std::string& contract_json) const {
  write_model_file(path, {"fin-outline", contract_json, named_tensors(impl_->networks)});
}

}  // namespace finview
