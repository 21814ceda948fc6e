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
constexpr int kHeldOutRounds = 10;
constexpr std::int64_t kProfile = kNumNotchBands * kNumEdgeSamples;
constexpr int kReportSteps = 100;

using Twins = EdgeTrainingData::Twins;

/// Two individuals of one shape: invented on a base, or photographed twins.
struct Draw {
  const EdgePoints* base = nullptr;
  const Twins* twins = nullptr;
};

/// Two views of an individual.
std::array<EdgePoints, 2> two_views(const Draw& draw, std::size_t which, RandomDraw& random) {
  if (draw.base != nullptr) {
    const EdgePoints individual = invented_edge(*draw.base, random);
    return {seen_edge(individual, random), seen_edge(individual, random)};
  }
  const std::vector<EdgePoints>& photos = (*draw.twins)[which];
  const std::size_t first = random.index(photos.size());
  const std::size_t second = (first + 1 + random.index(photos.size() - 1)) % photos.size();
  return {turned_edge(photos[first], random), turned_edge(photos[second], random)};
}

/// Rows 2 i and 2 i + 1 show one individual; rows 4 i to 4 i + 3 those of draw i.
torch::Tensor profiles_of_views(const std::vector<Draw>& draws, std::uint64_t seed) {
  const auto num_individuals = static_cast<std::int64_t>(2 * draws.size());
  torch::Tensor profiles =
      torch::empty({2 * num_individuals, kNumNotchBands, kNumEdgeSamples}, torch::kFloat);
  auto* const rows = profiles.data_ptr<float>();
  parallel_for(static_cast<std::size_t>(num_individuals), num_cores(), [&](std::size_t i) {
    RandomDraw random(seed * 0x9e3779b97f4a7c15U + i);
    const std::array<EdgePoints, 2> views = two_views(draws[i / 2], i % 2, random);
    for (std::size_t view = 0; view < 2; ++view) {
      const std::vector<float> profile = notch_profile(views[view], 1);
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
  Trainer(const EdgeTrainingData& data, const EdgeTrainingOptions& options) : options_(options) {
    for (std::size_t i = 0; i < data.bases.size(); ++i) {
      (is_held_out(i) ? held_out_bases_ : bases_).push_back({&data.bases[i], nullptr});
    }
    for (std::size_t i = 0; i < data.twins.size(); ++i) {
      (is_held_out(i) ? held_out_twins_ : twins_).push_back({nullptr, &data.twins[i]});
    }
    torch::manual_seed(static_cast<std::uint64_t>(options.seed));
    network_ = std::make_shared<EdgeNetwork>(options.num_dims, options.num_members);
    network_->set_scale(profiles_of_views(bases_, seed_of(-1)));
    torch::optim::AdamWOptions settings(options.learning_rate);
    settings.weight_decay(options.weight_decay);
    for (std::size_t i = 0; i < network_->num_members(); ++i) {
      optimizers_.push_back(
          std::make_unique<torch::optim::AdamW>(network_->member(i).parameters(), settings));
    }
  }

  double chance_loss() const { return std::log(4.0 * static_cast<double>(options_.num_bases) - 1); }

  /// Step `number` of a member.
  double step(std::size_t member, std::int64_t number) {
    RandomDraw random(seed_of(static_cast<std::int64_t>(member) * options_.num_steps + number));
    std::vector<Draw> drawn;
    for (std::int64_t i = 0; i < options_.num_bases; ++i) {
      const std::vector<Draw>& from = twins_.empty() || random.chance(0.5) ? bases_ : twins_;
      drawn.push_back(from[random.index(from.size())]);
    }
    torch::optim::AdamW& optimizer = *optimizers_[member];
    for (auto& group : optimizer.param_groups()) {
      static_cast<torch::optim::AdamWOptions&>(group.options())
          .lr(options_.learning_rate * rate_share(number, options_));
    }
    network_->train();
    optimizer.zero_grad();
    const auto loss =
        contrastive_loss(network_->forward_member(member, profiles_of_views(drawn, random.bits())),
                         options_.temperature);
    loss.backward();
    optimizer.step();
    return loss.item<double>();
  }

  std::size_t num_held_out() const { return 2 * held_out_bases_.size(); }
  std::size_t num_held_out_twins() const { return 2 * held_out_twins_.size(); }
  double held_out_rank_1() { return rank_1(held_out_bases_); }
  double held_out_twins_rank_1() { return rank_1(held_out_twins_); }

  EdgeNetwork& network() { return *network_; }

 private:
  static bool is_held_out(std::size_t i) { return i % kHeldOutStep == kHeldOutStep - 1; }

  std::uint64_t seed_of(std::int64_t number) const {
    return (static_cast<std::uint64_t>(options_.seed) << 40U) +
           static_cast<std::uint64_t>(number + 2 + kHeldOutRounds);
  }

  /// The share of individuals of `draws` whose second view is nearest to their first, mean of
  /// kHeldOutRounds rounds of views; 0 where there are none.
  double rank_1(const std::vector<Draw>& draws) {
    if (draws.empty()) return 0;
    const torch::NoGradGuard no_grad;
    network_->eval();
    double sum = 0;
    for (int round = 0; round < kHeldOutRounds; ++round) {
      const auto profiles = profiles_of_views(draws, seed_of(-2 - round));
      const auto views = network_->forward(profiles).view({-1, 2, network_->num_dims()});
      const auto nearest = views.select(1, 0).mm(views.select(1, 1).t()).argmax(1);
      sum += nearest.eq(torch::arange(nearest.size(0))).to(torch::kFloat).mean().item<double>();
    }
    return sum / kHeldOutRounds;
  }

  EdgeTrainingOptions options_;
  std::vector<Draw> bases_;
  std::vector<Draw> twins_;
  std::vector<Draw> held_out_bases_;
  std::vector<Draw> held_out_twins_;
  std::shared_ptr<EdgeNetwork> network_;
  std::vector<std::unique_ptr<torch::optim::AdamW>> optimizers_;  ///< by member
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

void check_data(const EdgeTrainingData& data) {
  if (data.bases.size() < kFewestEdges) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} edges are too few to learn from; give at least {} (--fins with "
                            "more pictures, or --rendered).",
                            data.bases.size(),
                            kFewestEdges));
  }
  for (std::size_t i = 0; i < data.twins.size(); ++i) {
    for (const std::vector<EdgePoints>& photos : data.twins[i]) {
      if (photos.size() >= 2) continue;
      throw Error(
          ErrorKind::kBadInput,
          fmt::format(
              "One of twins {} has {} photos; to learn from it takes two.", i, photos.size()));
    }
  }
}

}  // namespace

void EdgeTrainingOptions::visit(OptionVisitor& visitor) {
  visitor.field("steps", num_steps, "Optimizer steps of each member", 10, 10'000'000);
  visitor.field("bases", num_bases, "Edges drawn per step; four views of each", 2, 10'000);
  visitor.field(
      "members", num_members, "Networks side by side, trained one after the other", 1, 16);
  visitor.field("dims", num_dims, "Numbers per embedding and member", 8, 4096);
  visitor.field("learning-rate", learning_rate, "Largest learning rate", 1e-8, 1.0);
  visitor.field("weight-decay", weight_decay, "AdamW's weight decay", 0.0, 1.0);
  visitor.field("temperature", temperature, "Of the contrastive loss", 0.01, 1.0);
  visitor.field("warmup-steps", warmup_steps, "Steps of rising learning rate", 0, 1'000'000);
  visitor.field("seed", seed, "Of first weights, individuals and views", 0, 1'000'000);
}

EdgeTrainingResult train_edge_network(const EdgeTrainingData& data,
                                      const EdgeTrainingOptions& options,
                                      const std::filesystem::path& path,
                                      Progress& progress,
                                      const CancelToken& cancel) {
  check_options(options);
  check_data(data);
  Trainer trainer(data, options);
  EdgeTrainingResult result;
  result.chance_loss = trainer.chance_loss();
  double sum = 0;
  const std::int64_t num_last = std::max<std::int64_t>(1, options.num_steps / 10);
  double reported = 0;
  for (std::int64_t i = 0; i < options.num_members * options.num_steps; ++i) {
    if (cancel.cancelled()) {
      throw Error(ErrorKind::kUnavailable, "Interrupted; nothing was written.");
    }
    const std::int64_t step = i % options.num_steps;
    const double loss = trainer.step(static_cast<std::size_t>(i / options.num_steps), step);
    check_learning(step, loss, result.chance_loss, options);
    reported += loss;
    if (step >= options.num_steps - num_last) sum += loss;
    progress.update("Train", i + 1, options.num_members * options.num_steps);
    if ((i + 1) % kReportSteps != 0) continue;
    progress.note(fmt::format("step {}: loss {:.3f}", i + 1, reported / kReportSteps));
    reported = 0;
  }
  progress.finish();
  result.last_loss = sum / static_cast<double>(num_last * options.num_members);
  result.held_out_rank_1 = trainer.held_out_rank_1();
  result.held_out_twins_rank_1 = trainer.held_out_twins_rank_1();
  result.num_held_out = trainer.num_held_out();
  result.num_held_out_twins = trainer.num_held_out_twins();
  write_edge_network(path, trainer.network());
  return result;
}

}  // namespace finview
