#include "finview/training/embedder_trainer.h"

#include "finview/base/error.h"
#include "finview/embedding/mobilenet_v2_torch.h"
#include "finview/embedding/model_file_torch.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr double kMemory = 0.95;  ///< of the running means
constexpr double kMaxCosine = 0.98;
constexpr double kChanceMargin = 0.01;

struct ContrastiveLoss {
  torch::Tensor loss;
  double chance = 0;
  double mean_cosine = 0;
};

/// `rows`: N x dims, L2 norm 1; `same`: N x N, whether two rows are of one class.
ContrastiveLoss contrastive_loss(const torch::Tensor& rows,
                                 const torch::Tensor& same,
                                 double temperature) {
  const torch::Tensor self = torch::eye(rows.size(0), torch::kBool);
  const torch::Tensor cosines = rows.mm(rows.t());
  const torch::Tensor logits = (cosines / temperature).masked_fill(self, -1e9);
  const torch::Tensor log_shares = logits - logits.logsumexp(1, true);
  const torch::Tensor positives = same.logical_and(self.logical_not());
  const torch::Tensor counts = positives.sum(1);
  const torch::Tensor asking = counts.gt(0);
  const torch::Tensor means =
      log_shares.masked_fill(positives.logical_not(), 0).sum(1) / counts.clamp_min(1);
  return {-means.masked_select(asking).mean(),
          std::log(static_cast<double>(rows.size(0) - 1)),
          cosines.detach().masked_select(same.logical_not()).mean().item<double>()};
}

}  // namespace

struct EmbedderTrainer::Impl {
  Impl(const EmbedderContract& contract, const EmbedderTrainerOptions& wanted)
      : input_px(contract.input_px), options(wanted), network(contract) {}

  void make_optimizer();
  void set_learning_rate();
  void check_progress(const EmbedderStep& now);

  int input_px;
  EmbedderTrainerOptions options;
  MobileNetV2Embedder network;
  std::unique_ptr<torch::optim::AdamW> optimizer;
  torch::Tensor first_fresh;  ///< tells the group of the new layers
  std::int64_t num_done = 0;
  double mean_cosine = 0;      ///< running
  double share_of_chance = 0;  ///< running: loss / chance
};

void EmbedderTrainer::Impl::make_optimizer() {
  std::vector<torch::Tensor> backbone;
  std::vector<torch::Tensor> fresh;
  for (const auto& item : network.named_parameters()) {
    if (!item.value().requires_grad()) continue;
    (item.key().starts_with("backbone") ? backbone : fresh).push_back(item.value());
  }
  if (!fresh.empty()) first_fresh = fresh.front();
  std::vector<torch::optim::OptimizerParamGroup> groups;
  for (auto& parameters : {backbone, fresh}) {
    if (parameters.empty()) continue;
    groups.emplace_back(parameters,
                        std::make_unique<torch::optim::AdamWOptions>(
                            torch::optim::AdamWOptions().weight_decay(options.weight_decay)));
  }
  optimizer = std::make_unique<torch::optim::AdamW>(groups, torch::optim::AdamWOptions());
}

void EmbedderTrainer::Impl::set_learning_rate() {
  const auto total = static_cast<double>(options.num_steps);
  const double warm_up = std::max(1.0, total / 10);
  const double at = static_cast<double>(num_done) + 1;
  const double rate = options.learning_rate * std::min(1.0, at / warm_up) * 0.5 *
                      (1 + std::cos(M_PI * std::min(1.0, at / (total + 1))));
  for (auto& group : optimizer->param_groups()) {
    const bool is_fresh = group.params().front().is_same(first_fresh);
    static_cast<torch::optim::AdamWOptions&>(group.options())
        .lr(is_fresh ? rate * options.head_rate : rate);
  }
}

void EmbedderTrainer::Impl::check_progress(const EmbedderStep& now) {
  const double keep = num_done == 0 ? 0 : kMemory;
  mean_cosine = keep * mean_cosine + (1 - keep) * now.mean_cosine;
  share_of_chance = keep * share_of_chance + (1 - keep) * now.loss / now.chance_loss;
  ++num_done;
  if (!std::isfinite(now.loss)) {
    throw Error(ErrorKind::kUnavailable,
                fmt::format("Training failed at step {}: the loss is not finite. Use a smaller "
                            "--learning-rate than {}.",
                            num_done,
                            options.learning_rate));
  }
  if (num_done < std::max<std::int64_t>(50, options.num_steps / 5)) return;
  if (mean_cosine > kMaxCosine) {
    throw Error(
        ErrorKind::kUnavailable,
        fmt::format("Training has collapsed at step {}: embeddings of different fins have a "
                    "mean cosine of {:.3f}, so all fins look the same to the network. Use a "
                    "smaller --learning-rate than {} or more individuals.",
                    num_done,
                    mean_cosine,
                    options.learning_rate));
  }
  if (share_of_chance > 1 - kChanceMargin) {
    throw Error(
        ErrorKind::kUnavailable,
        fmt::format("Training has learned nothing by step {}: the loss is {:.3f} and chance "
                    "is {:.3f}. Use weaker views, another --learning-rate than {}, or check "
                    "the labels.",
                    num_done,
                    now.loss,
                    now.chance_loss,
                    options.learning_rate));
  }
}

EmbedderTrainer::EmbedderTrainer(const std::filesystem::path& weights,
                                 const EmbedderContract& contract,
                                 const EmbedderTrainerOptions& options) {
  check_options(options);
  torch::manual_seed(static_cast<std::uint64_t>(options.seed));
  impl_ = std::make_unique<Impl>(contract, options);
  load_tensors(impl_->network.backbone(), read_tensor_dictionary(weights));
  impl_->network.eval();
  impl_->network.backbone().freeze(static_cast<int>(options.frozen_stages));
  impl_->make_optimizer();
}

EmbedderTrainer::~EmbedderTrainer() = default;

EmbedderStep EmbedderTrainer::step(std::span<const std::uint8_t> bgr,
                                   std::span<const std::int64_t> classes) {
  const auto count = static_cast<std::int64_t>(classes.size());
  const std::size_t picture_bytes = static_cast<std::size_t>(impl_->input_px) * impl_->input_px * 3;
  const std::set<std::int64_t> distinct(classes.begin(), classes.end());
  if (bgr.size() != classes.size() * picture_bytes || distinct.size() < 2 ||
      distinct.size() == classes.size()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("A batch of {} pictures of {} classes in {} bytes cannot be learned "
                            "from; two classes or more are needed, one of them with two pictures.",
                            classes.size(),
                            distinct.size(),
                            bgr.size()));
  }
  const torch::Tensor pictures = torch::from_blob(const_cast<std::uint8_t*>(bgr.data()),
                                                  {count, impl_->input_px, impl_->input_px, 3},
                                                  torch::kByte);
  const torch::Tensor input =
      pictures.flip(3).permute({0, 3, 1, 2}).to(torch::kFloat).sub_(127.5).div_(127.5);
  const torch::Tensor label =
      torch::tensor(std::vector<std::int64_t>(classes.begin(), classes.end()));
  const torch::Tensor same = label.unsqueeze(0).eq(label.unsqueeze(1));

  impl_->set_learning_rate();
  impl_->optimizer->zero_grad();
  const ContrastiveLoss result =
      contrastive_loss(impl_->network.forward(input), same, impl_->options.temperature);
  result.loss.backward();
  impl_->optimizer->step();
  const EmbedderStep now{result.loss.item<double>(), result.chance, result.mean_cosine};
  impl_->check_progress(now);
  return now;
}

void EmbedderTrainer::write(const std::filesystem::path& path,
                            const EmbedderContract& contract) const {
  write_model_file(path, {"embedder", contract.to_json(), named_tensors(impl_->network)});
}

}  // namespace finview
