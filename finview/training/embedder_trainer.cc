#include "finview/base/error.h"
#include "finview/detection/fast_order_torch.h"
#include "finview/embedding/model_file_torch.h"
#include "finview/match/metrics.h"
#include "finview/training/embedder_trainer_torch.h"
#include "finview/training/random_draw.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr std::size_t kForwardBatch = 64;
constexpr std::size_t kMeasuredFins = 100;
constexpr std::uint64_t kMeasuredViews = 0x5eed;

torch::Device device_of(const EmbedderTrainingOptions& options) {
  if (options.schedule.device == "cuda" && !torch::cuda::is_available()) {
    throw Error(ErrorKind::kBadOptions,
                "--device cuda: this LibTorch finds no GPU; leave the option out.");
  }
  return torch::Device(options.schedule.device);
}

torch::Tensor integers(const std::vector<std::int64_t>& values, torch::Device device) {
  return torch::tensor(values).to(device);
}

HeldOutScore score(const torch::Tensor& rows, const std::vector<GalleryEntry>& entries) {
  const torch::Tensor values = rows.to(torch::kCPU).contiguous();
  const auto rankings = rank_leave_one_out(
      std::span(values.data_ptr<float>(), static_cast<std::size_t>(values.numel())),
      static_cast<std::size_t>(values.size(1)),
      entries,
      true);
  HeldOutScore score;
  score.num_queries = rankings.size();
  const double share = 1 / std::max(1.0, static_cast<double>(rankings.size()));
  for (const QueryRanking& ranking : rankings) {
    score.rank_1 += ranking.rank == 1 ? share : 0;
    score.rank_5 += ranking.rank <= 5 ? share : 0;
    score.mean_average_precision += share * ranking.average_precision;
  }
  return score;
}

std::vector<LearnedTensor> learned_tensors(EmbeddingNetwork& network,
                                           EmbedderLoss& loss,
                                           bool from_random) {
  std::vector<LearnedTensor> learned;
  for (const auto& item : network.named_parameters()) {
    if (!item.value().requires_grad()) continue;
    const bool fresh = from_random || !item.key().starts_with("backbone");
    learned.push_back({item.key(), item.value(), fresh});
  }
  for (const auto& item : loss.named_parameters()) {
    learned.push_back({"loss." + item.key(), item.value(), true});
  }
  return learned;
}

}  // namespace

EmbedderTrainer::EmbedderTrainer(const FinPack& pack,
                                 const std::filesystem::path& start,
                                 const EmbedderTrainingOptions& options)
    : pack_(pack),
      options_(options),
      contract_(EmbedderContract::from_json(pack.contract_json)),
      device_(device_of(options)),
      batches_(pack, options.batches, static_cast<std::uint64_t>(options.schedule.seed)),
      views_(pack, options.views, device_) {
  torch::manual_seed(static_cast<std::uint64_t>(options.schedule.seed));
  network_ = std::make_shared<EmbeddingNetwork>(contract_);
  prepare(start);
  loss_ =
      std::make_shared<EmbedderLoss>(options.loss, network_->num_dims(), batches_.class_sizes());
  network_->to(device_);
  loss_->to(device_);
  optimizer_ = std::make_unique<EmbedderOptimizer>(
      learned_tensors(*network_, *loss_, start.empty()), options.optimizer);
  mean_ = std::make_shared<EmbeddingNetwork>(contract_);
  mean_->to(device_);
  load_tensors(*mean_, named_tensors(*network_));
  mean_->eval();
}

/// Random weights have no statistics to keep: batch norm learns its own, dropout is on, and there
/// is nothing to freeze.
void EmbedderTrainer::prepare(const std::filesystem::path& start) {
  if (start.empty()) {
    fill_at_random(network_->backbone());
    network_->train();
    return;
  }
  const std::int64_t num_stages = network_->backbone().num_stages();
  if (options_.schedule.frozen_stages > num_stages) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("--frozen-stages {}: the network has {}.",
                            options_.schedule.frozen_stages,
                            num_stages));
  }
  load_start(start);
  network_->eval();
  network_->backbone().freeze(static_cast<int>(options_.schedule.frozen_stages));
}

/// An embedder of FinView gives all it has, published weights the backbone.
void EmbedderTrainer::load_start(const std::filesystem::path& start) {
  if (start.extension() != ".fvm") {
    load_tensors(network_->backbone(), read_tensor_dictionary(start));
    return;
  }
  const ModelFile model = read_model_file(start, "embedder");
  const EmbedderContract given = EmbedderContract::from_json(model.contract_json);
  if (given.network != contract_.network) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("{} is a {}, and the network to be taught a {}; give --network {} or "
                            "another --start.",
                            start.string(),
                            given.network,
                            contract_.network,
                            given.network));
  }
  load_tensors(*network_, model.tensors, true);
}

EmbedderStep EmbedderTrainer::step(std::int64_t number) {
  RandomDraw random((static_cast<std::uint64_t>(options_.schedule.seed) << 40U) +
                    static_cast<std::uint64_t>(number));
  const PlannedBatch batch = batches_.draw(random.bits());
  const std::uint64_t views_seed = random.bits();
  torch::manual_seed(random.bits());  // of dropout
  const torch::Tensor labels = integers(batch.labels, device_);
  optimizer_->zero_slopes();
  const torch::Tensor rows = network_->forward(in_fast_order(views_.draw(batch.views, views_seed)));
  const EmbedderLossValue value = loss_->forward(rows, labels, integers(batch.known, device_));
  value.loss.backward();
  optimizer_->step(learning_rate_share(options_.optimizer, number, options_.schedule.num_steps));
  follow_weights(number);

  const torch::Tensor others = labels.unsqueeze(0).ne(labels.unsqueeze(1));
  const torch::Tensor cosines = rows.detach().mm(rows.detach().t()).masked_select(others);
  return {value.loss.item<double>(),
          value.chance,
          1 - cosines.mean().item<double>(),
          value.active_share};
}

/// Early on the mean forgets faster, so that it does not drag the start weights along.
void EmbedderTrainer::follow_weights(std::int64_t number) {
  const torch::NoGradGuard no_grad;
  const double decay =
      std::min(options_.schedule.ema_decay,
               (1 + static_cast<double>(number)) / (10 + static_cast<double>(number)));
  auto means = named_tensors(*mean_);
  for (const auto& [name, tensor] : named_tensors(*network_)) {
    if (tensor.is_floating_point()) means.at(name).mul_(decay).add_(tensor, 1 - decay);
  }
}

torch::Tensor EmbedderTrainer::embed(const torch::Tensor& input) const {
  return mean_->forward(in_fast_order(input));
}

std::optional<HeldOutScore> EmbedderTrainer::measure(const std::vector<std::size_t>& fins) const {
  const torch::NoGradGuard no_grad;
  std::vector<GalleryEntry> entries;
  std::vector<torch::Tensor> rows;
  for (std::size_t first = 0; first < fins.size(); first += kForwardBatch) {
    const std::size_t end = std::min(fins.size(), first + kForwardBatch);
    std::vector<std::size_t> some;
    for (std::size_t i = first; i < end; ++i) {
      some.push_back(fins[i]);
      entries.push_back({pack_.fins[fins[i]].individual, pack_.fins[fins[i]].encounter});
    }
    rows.push_back(embed(views_.plain(some)));
  }
  if (rows.empty()) return {};
  const HeldOutScore found = score(torch::cat(rows), entries);
  if (found.num_queries == 0) return {};
  return found;
}

std::optional<HeldOutScore> EmbedderTrainer::measure_invented() const {
  const torch::NoGradGuard no_grad;
  const PlannedBatch batch = batches_.held_out_invented(kMeasuredFins);
  std::vector<GalleryEntry> entries;
  for (std::int64_t label : batch.labels) entries.push_back({fmt::format("{}", label), ""});
  std::vector<torch::Tensor> rows;
  for (std::size_t first = 0; first < batch.views.size(); first += kForwardBatch) {
    const std::size_t end = std::min(batch.views.size(), first + kForwardBatch);
    const std::vector<PlannedView> some(batch.views.begin() + static_cast<std::ptrdiff_t>(first),
                                        batch.views.begin() + static_cast<std::ptrdiff_t>(end));
    rows.push_back(embed(views_.draw(some, kMeasuredViews + first)));
  }
  if (rows.empty()) return {};
  return score(torch::cat(rows), entries);
}

void EmbedderTrainer::write_model(const std::filesystem::path& path) const {
  write_model_file(path, {"embedder", contract_.to_json(), named_tensors(*mean_)});
}

std::map<std::string, torch::Tensor> EmbedderTrainer::state() const {
  std::map<std::string, torch::Tensor> state;
  const auto add = [&state](const std::string& prefix, const auto& tensors) {
    for (const auto& [name, tensor] : tensors) state[prefix + name] = tensor.detach().cpu();
  };
  add("network.", named_tensors(*network_));
  add("mean.", named_tensors(*mean_));
  add("loss.", named_tensors(*loss_));
  add("optimizer.", optimizer_->state());
  return state;
}

void EmbedderTrainer::set_state(const std::map<std::string, torch::Tensor>& state) {
  const auto part = [&state](const std::string& prefix) {
    std::map<std::string, torch::Tensor> tensors;
    for (const auto& [name, tensor] : state) {
      if (name.starts_with(prefix)) tensors[name.substr(prefix.size())] = tensor;
    }
    return tensors;
  };
  load_tensors(*network_, part("network."));
  load_tensors(*mean_, part("mean."));
  load_tensors(*loss_, part("loss."));
  optimizer_->set_state(part("optimizer."));
}

}  // namespace finview
