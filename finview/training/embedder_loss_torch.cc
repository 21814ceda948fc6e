#include "finview/training/embedder_loss_torch.h"

#include "finview/base/error.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr double kUsualMargin = 0.2;
constexpr float kNever = 1e9F;

/// Which rows of a batch belong together.
struct Pairs {
  torch::Tensor positive;  ///< N x N: the same individual, not the same row
  torch::Tensor negative;  ///< N x N
};

Pairs pairs_of(const torch::Tensor& labels) {
  const torch::Tensor same = labels.unsqueeze(0).eq(labels.unsqueeze(1));
  const torch::Tensor self = torch::eye(
      labels.size(0), torch::TensorOptions().dtype(torch::kBool).device(labels.device()));
  return {same.logical_and(self.logical_not()), same.logical_not()};
}

/// N x N distances. The small number keeps the slope finite where two rows are the same.
torch::Tensor distances(const torch::Tensor& rows) {
  return (2 - 2 * rows.mm(rows.t())).clamp_min(0).add(1e-12).sqrt();
}

torch::Tensor nt_xent(const torch::Tensor& rows, const Pairs& pairs, double temperature) {
  const torch::Tensor others = pairs.positive.logical_or(pairs.negative);
  const torch::Tensor logits =
      (rows.mm(rows.t()) / temperature).masked_fill(others.logical_not(), -kNever);
  const torch::Tensor log_shares = logits - logits.logsumexp(1, true);
  const torch::Tensor counts = pairs.positive.sum(1);
  const torch::Tensor means =
      log_shares.masked_fill(pairs.positive.logical_not(), 0).sum(1) / counts.clamp_min(1);
  return -means.masked_select(counts.gt(0)).mean();
}

/// Distances of anchors to positives minus those to negatives, one per mined triplet.
torch::Tensor triplet_gaps(const torch::Tensor& rows,
                           const Pairs& pairs,
                           const std::string& mining) {
  const torch::Tensor distance = distances(rows);
  if (mining == "hardest") {
    const torch::Tensor far =
        std::get<0>(distance.masked_fill(pairs.positive.logical_not(), -kNever).max(1));
    const torch::Tensor near =
        std::get<0>(distance.masked_fill(pairs.negative.logical_not(), kNever).min(1));
    const torch::Tensor complete = pairs.positive.any(1).logical_and(pairs.negative.any(1));
    return (far - near).masked_select(complete);
  }
  // anchor x positive x negative
  const torch::Tensor gaps = distance.unsqueeze(2) - distance.unsqueeze(1);
  if (mining == "all") {
    return gaps.masked_select(pairs.positive.unsqueeze(2).logical_and(pairs.negative.unsqueeze(1)));
  }
  const torch::Tensor farther = gaps.detach().lt(0).logical_and(pairs.negative.unsqueeze(1));
  const torch::Tensor nearest_farther =
      std::get<0>(gaps.masked_fill(farther.logical_not(), -kNever).max(2));
  const torch::Tensor nearest =
      std::get<0>(gaps.masked_fill(pairs.negative.unsqueeze(1).logical_not(), -kNever).max(2));
  const torch::Tensor chosen = torch::where(farther.any(2), nearest_farther, nearest);
  return chosen.masked_select(pairs.positive.logical_and(pairs.negative.any(1).unsqueeze(1)));
}

torch::Tensor contrastive(const torch::Tensor& rows, const Pairs& pairs, double margin) {
  const torch::Tensor distance = distances(rows);
  const torch::Tensor together = distance.masked_select(pairs.positive).pow(2);
  const torch::Tensor apart = (margin - distance.masked_select(pairs.negative)).clamp_min(0).pow(2);
  return 0.5 * (together.mean() + apart.mean());
}

}  // namespace

EmbedderLoss::EmbedderLoss(const EmbedderLossOptions& options,
                           std::int64_t num_dims,
                           const std::vector<std::int64_t>& class_sizes)
    : options_(options) {
  options.check();
  if (options.arcface_weight == 0) return;
  const auto num_classes = static_cast<std::int64_t>(class_sizes.size());
  if (num_classes < 2) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("ArcFace needs two known individuals or more to learn from, there are "
                            "{}; set --arcface-weight 0.",
                            num_classes));
  }
  centers_ = register_parameter(
      "centers", 0.1 * torch::randn({num_classes * options.arcface_centers, num_dims}));
  std::vector<float> rarity;
  for (std::int64_t size : class_sizes) {
    rarity.push_back(
        static_cast<float>(std::pow(static_cast<double>(std::max<std::int64_t>(1, size)), -0.25)));
  }
  const auto [low, high] = std::minmax_element(rarity.begin(), rarity.end());
  const float range = std::max(1e-6F, *high - *low);
  margins_ = register_buffer(
      "margins",
      options.min_arcface_margin + (torch::tensor(rarity) - *low) / range *
                                       (options.max_arcface_margin - options.min_arcface_margin));
}

EmbedderLossValue EmbedderLoss::forward(const torch::Tensor& rows,
                                        const torch::Tensor& labels,
                                        const torch::Tensor& known) {
  const Pairs pairs = pairs_of(labels);
  EmbedderLossValue value;
  value.loss = rows.sum() * 0;
  if (options_.nt_xent_weight > 0) {
    value.loss = value.loss + options_.nt_xent_weight * nt_xent(rows, pairs, options_.temperature);
    value.chance += options_.nt_xent_weight * std::log(static_cast<double>(rows.size(0) - 1));
  }
  if (options_.triplet_weight > 0) {
    const torch::Tensor gaps = triplet_gaps(rows, pairs, options_.mining);
    const double margin = options_.margin > 0 ? options_.margin : kUsualMargin;
    const torch::Tensor losses =
        options_.soft_margin ? torch::nn::functional::softplus(gaps) : (gaps + margin).clamp_min(0);
    if (gaps.numel() > 0) {
      value.loss = value.loss + options_.triplet_weight * losses.mean();
      value.active_share = losses.detach()
                               .gt(options_.soft_margin ? 0.1 : 1e-6)
                               .to(torch::kFloat)
                               .mean()
                               .item<double>();
    }
    value.chance += options_.triplet_weight * (options_.soft_margin ? std::log(2.0) : margin);
  }
  if (options_.contrastive_weight > 0) {
    const double margin = options_.contrastive_margin;
    value.loss = value.loss + options_.contrastive_weight * contrastive(rows, pairs, margin);
    value.chance += options_.contrastive_weight * 0.5 * margin * margin;
  }
  if (options_.arcface_weight > 0) add_arcface(rows, known, value);
  return value;
}

void EmbedderLoss::add_arcface(const torch::Tensor& rows,
                               const torch::Tensor& known,
                               EmbedderLossValue& value) const {
  const torch::Tensor chosen = known.ge(0).nonzero().squeeze(1);
  if (chosen.numel() == 0) return;
  const std::int64_t num_classes = margins_.size(0);
  const torch::Tensor unit = torch::nn::functional::normalize(
      centers_, torch::nn::functional::NormalizeFuncOptions().dim(1));
  const torch::Tensor cosines =
      std::get<0>(rows.index_select(0, chosen)
                      .mm(unit.t())
                      .view({chosen.size(0), num_classes, options_.arcface_centers})
                      .max(2));
  const torch::Tensor target = known.index_select(0, chosen);
  const torch::Tensor own = cosines.gather(1, target.unsqueeze(1)).clamp(-1 + 1e-6, 1 - 1e-6);
  const torch::Tensor margin = margins_.index_select(0, target).unsqueeze(1);
  // Beyond pi - margin the cosine would rise again; a straight line goes on from there.
  const torch::Tensor angle = torch::acos(own);
  const torch::Tensor harder = torch::where(
      (angle + margin).lt(M_PI), torch::cos(angle + margin), own - margin * torch::sin(margin));
  const torch::Tensor logits =
      options_.arcface_scale * cosines.scatter(1, target.unsqueeze(1), harder);
  value.loss =
      value.loss + options_.arcface_weight * torch::nn::functional::cross_entropy(logits, target);
  // Rows at right angles to every center: their own costs the margin all the same.
  const torch::Tensor behind = options_.arcface_scale * torch::sin(margin);
  const torch::Tensor costs =
      torch::log(static_cast<double>(num_classes - 1) + torch::exp(-behind)) + behind;
  value.chance += options_.arcface_weight * costs.mean().item<double>();
}

}  // namespace finview
