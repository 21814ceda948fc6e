#include "finview/training/edge_trainer.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"
#include "finview/embedding/edge_network_torch.h"
#include "finview/training/edge_identity.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr std::size_t kFewestEdges = 20;
constexpr std::size_t kHeldOutStep = 10;
constexpr std::size_t kHeldOutIndividuals = 200;
constexpr std::int64_t kProfile = kNumNotchBands * kNumEdgeSamples;
constexpr int kReportSteps = 100;

/// Two views each of individuals that do not exist: rows 2 i and 2 i + 1 show one individual.
///
/// @param bases  one per pair of individuals
torch::Tensor invent_views(const std::vector<const EdgePoints*>& bases, std::uint64_t seed) {
  const auto num_individuals = static_cast<std::int64_t>(2 * bases.size());
  torch::Tensor profiles =
      torch::empty({2 * num_individuals, kNumNotchBands, kNumEdgeSamples}, torch::kFloat);
  auto* const rows = profiles.data_ptr<float>();
  parallel_for(static_cast<std::size_t>(num_individuals), num_cores(), [&](std::size_t i) {
    RandomDraw random(seed * 0x9e3779b97f4a7c15U + i);
    const EdgePoints individual = invented_edge(*bases[i / 2], random);
    for (std::size_t view = 0; view < 2; ++view) {
      const std::vector<float> profile = notch_profile(seen_edge(individual, random), 1);
      std::copy(profile.begin(), profile.end(), rows + (2 * i + view) * kProfile);
    }
  });
  return profiles;
}

/// NT-Xent over all rows; rows 2 i and 2 i + 1 belong together.
torch::Tensor contrastive_loss(const torch::Tensor& embeddings, double temperature) {
  auto similarity = embeddings.mm(embeddings.t()) / temperature;
  similarity.fill_diagonal_(-1e9);
  const auto partner = torch::arange(embeddings.size(0)).bitwise_xor(1);
  return torch::nn::functional::cross_entropy(similarity, partner);
}

double rate_share(std::int64_t step, const EdgeTrainingOptions& options) {
  if (step < options.warmup_steps) {
    return static_cast<double>(step + 1) / static_cast<double>(options.warmup_steps);
  }
  return std::max(0.01, 1 - static_cast<double>(step) / static_cast<double>(options.num_steps));
}

class Trainer {
 public:
  Trainer(const std::vector<EdgePoints>& edges, const EdgeTrainingOptions& options)
      : options_(options) {
    for (std::size_t i = 0; i < edges.size(); ++i) {
      (i % kHeldOutStep == kHeldOutStep - 1 ? held_out_ : bases_).push_back(&edges[i]);
    }
    torch::manual_seed(static_cast<std::uint64_t>(options.seed));
    network_ = std::make_shared<EdgeNetwork>(options.num_dims);
    network_->set_scale(invent_views(bases_, seed_of(-1)));
    torch::optim::AdamWOptions settings(options.learning_rate);
    settings.weight_decay(options.weight_decay);
    optimizer_ = std::make_unique<torch::optim::AdamW>(network_->parameters(), settings);
  }

  double chance_loss() const { return std::log(4.0 * static_cast<double>(options_.num_bases) - 1); }

  double step(std::int64_t number) {
    RandomDraw random(seed_of(number));
    std::vector<const EdgePoints*> drawn;
    for (std::int64_t i = 0; i < options_.num_bases; ++i) {
      drawn.push_back(bases_[random.index(bases_.size())]);
    }
    for (auto& group : optimizer_->param_groups()) {
      static_cast<torch::optim::AdamWOptions&>(group.options())
          .lr(options_.learning_rate * rate_share(number, options_));
    }
    network_->train();
    optimizer_->zero_grad();
    const auto loss = contrastive_loss(network_->forward(invent_views(drawn, random.bits())),
                                       options_.temperature);
    loss.backward();
    optimizer_->step();
    return loss.item<double>();
  }

  /// The share of held-out individuals whose second view is nearest to their first.
  double held_out_rank_1() {
    const torch::NoGradGuard no_grad;
    network_->eval();
    std::vector<const EdgePoints*> drawn;
    for (std::size_t i = 0; i < kHeldOutIndividuals / 2; ++i) {
      drawn.push_back(held_out_[i % held_out_.size()]);
    }
    const auto embeddings = network_->forward(invent_views(drawn, seed_of(-2)));
    const auto views = embeddings.view({-1, 2, options_.num_dims});
    const auto nearest = views.select(1, 0).mm(views.select(1, 1).t()).argmax(1);
    return nearest.eq(torch::arange(nearest.size(0))).to(torch::kFloat).mean().item<double>();
  }

  EdgeNetwork& network() { return *network_; }

 private:
  std::uint64_t seed_of(std::int64_t number) const {
    return (static_cast<std::uint64_t>(options_.seed) << 40U) +
           static_cast<std::uint64_t>(number + 2);
  }

  EdgeTrainingOptions options_;
  std::vector<const EdgePoints*> bases_;
  std::vector<const EdgePoints*> held_out_;
  std::shared_ptr<EdgeNetwork> network_;
  std::unique_ptr<torch::optim::AdamW> optimizer_;
};

void check_learning(std::int64_t step,
                    double loss,
                    double chance,
                    const EdgeTrainingOptions& options) {
  const bool stuck = step == options.num_steps / 2 && loss > 0.98 * chance;
  if (std::isfinite(loss) && !stuck) return;
  throw Error(ErrorKind::kUnavailable,
              fmt::format("The edge network does not learn: at step {} the loss is {:.3f}, where "
                          "chance gives {:.3f}; try a smaller --learning-rate (now {}) or more "
                          "edges.",
                          step,
                          loss,
                          chance,
                          options.learning_rate));
}

}  // namespace

void EdgeTrainingOptions::visit(OptionVisitor& visitor) {
  visitor.field("steps", num_steps, "Optimizer steps", 10, 10'000'000);
  visitor.field("bases", num_bases, "Edges drawn per step; four views of each", 2, 10'000);
  visitor.field("dims", num_dims, "Numbers per embedding", 8, 4096);
  visitor.field("learning-rate", learning_rate, "Largest learning rate", 1e-8, 1.0);
  visitor.field("weight-decay", weight_decay, "AdamW's weight decay", 0.0, 1.0);
  visitor.field("temperature", temperature, "Of the contrastive loss", 0.01, 1.0);
  visitor.field("warmup-steps", warmup_steps, "Steps of rising learning rate", 0, 1'000'000);
  visitor.field("seed", seed, "Of first weights, individuals and views", 0, 1'000'000);
}

EdgeTrainingResult train_edge_network(const std::vector<EdgePoints>& edges,
                                      const EdgeTrainingOptions& options,
                                      const std::filesystem::path& path,
                                      Progress& progress,
                                      const CancelToken& cancel) {
  check_options(options);
  if (edges.size() < kFewestEdges) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} edges are too few to learn from; give at least {} (--fins with "
                            "more pictures, or --rendered).",
                            edges.size(),
                            kFewestEdges));
  }
  Trainer trainer(edges, options);
  EdgeTrainingResult result;
  result.chance_loss = trainer.chance_loss();
  double sum = 0;
  const std::int64_t num_last = std::max<std::int64_t>(1, options.num_steps / 10);
  double reported = 0;
  for (std::int64_t step = 0; step < options.num_steps; ++step) {
    if (cancel.cancelled()) {
      throw Error(ErrorKind::kUnavailable, "Interrupted; nothing was written.");
    }
    const double loss = trainer.step(step);
    check_learning(step, loss, result.chance_loss, options);
    reported += loss;
    if (step >= options.num_steps - num_last) sum += loss;
    progress.update("Train", step + 1, options.num_steps);
    if ((step + 1) % kReportSteps != 0) continue;
    progress.note(fmt::format("step {}: loss {:.3f}", step + 1, reported / kReportSteps));
    reported = 0;
  }
  progress.finish();
  result.last_loss = sum / static_cast<double>(num_last);
  result.held_out_rank_1 = trainer.held_out_rank_1();
  result.num_held_out = kHeldOutIndividuals;
  write_edge_network(path, trainer.network());
  return result;
}

}  // namespace finview
