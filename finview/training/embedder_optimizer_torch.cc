#include "finview/training/embedder_optimizer_torch.h"

#include "finview/base/error.h"

#include <algorithm>
#include <cmath>

#include <torch/torch.h>

namespace finview {
namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kSmall = 1e-8;
const char* const kSteps = "steps";

}  // namespace

double learning_rate_share(const EmbedderOptimizerOptions& options,
                           std::int64_t step,
                           std::int64_t num_steps) {
  const double warm_up =
      std::max(1.0, std::floor(options.warm_up_share * static_cast<double>(num_steps)));
  const auto at = static_cast<double>(step);
  if (at + 1 < warm_up) return (at + 1) / warm_up;
  const double done =
      (at - warm_up + 1) / std::max(1.0, static_cast<double>(num_steps) - warm_up + 1);
  if (options.schedule == "cosine") return 0.5 * (1 + std::cos(M_PI * done));
  if (options.schedule == "linear") return 1 - done;
  if (options.schedule == "steps") return done < 0.6 ? 1 : done < 0.85 ? 0.1 : 0.01;
  return 1;
}

EmbedderOptimizer::EmbedderOptimizer(std::vector<LearnedTensor> learned,
                                     const EmbedderOptimizerOptions& options)
    : learned_(std::move(learned)), options_(options) {
  for (const LearnedTensor& item : learned_) {
    first_.push_back(torch::zeros_like(item.tensor));
    second_.push_back(torch::zeros_like(item.tensor));
  }
}

void EmbedderOptimizer::zero_slopes() {
  for (LearnedTensor& item : learned_) {
    if (item.tensor.grad().defined()) item.tensor.mutable_grad().zero_();
  }
}

void EmbedderOptimizer::step_one(std::size_t index, double rate) {
  torch::Tensor& weights = learned_[index].tensor;
  torch::Tensor slope = weights.grad();
  // Biases and norms (one axis) keep their size.
  const double decay = weights.dim() > 1 ? options_.weight_decay : 0;
  const bool decoupled = options_.optimizer == "adamw";
  if (decay > 0 && decoupled) weights.mul_(1 - rate * decay);
  if (decay > 0 && !decoupled) slope = slope + decay * weights;
  torch::Tensor& first = first_[index];
  torch::Tensor& second = second_[index];
  if (options_.optimizer == "sgd") {
    first.mul_(options_.momentum).add_(slope);
    weights.add_(slope + options_.momentum * first, -rate);
    return;
  }
  const auto count = static_cast<double>(num_steps_);
  first.mul_(kBeta1).add_(slope, 1 - kBeta1);
  const double size = rate / (1 - std::pow(kBeta1, count));
  if (options_.optimizer == "adamax") {
    second.copy_(torch::maximum(second * kBeta2, slope.abs() + kSmall));
    weights.addcdiv_(first, second, -size);
    return;
  }
  second.mul_(kBeta2).addcmul_(slope, slope, 1 - kBeta2);
  const double correction = std::sqrt(1 - std::pow(kBeta2, count));
  weights.addcdiv_(first, second.sqrt().div_(correction).add_(kSmall), -size);
}

void EmbedderOptimizer::step(double rate_share) {
  const torch::NoGradGuard no_grad;
  ++num_steps_;
  for (std::size_t i = 0; i < learned_.size(); ++i) {
    if (!learned_[i].tensor.grad().defined()) continue;
    const double rate = rate_share * options_.learning_rate;
    step_one(i, learned_[i].fresh ? rate * options_.head_rate : rate);
  }
}

std::map<std::string, torch::Tensor> EmbedderOptimizer::state() const {
  std::map<std::string, torch::Tensor> state;
  state[kSteps] = torch::tensor(num_steps_);
  for (std::size_t i = 0; i < learned_.size(); ++i) {
    state["first." + learned_[i].name] = first_[i];
    state["second." + learned_[i].name] = second_[i];
  }
  return state;
}

void EmbedderOptimizer::set_state(const std::map<std::string, torch::Tensor>& state) {
  const torch::NoGradGuard no_grad;
  const auto find = [&](const std::string& name) -> const torch::Tensor& {
    const auto found = state.find(name);
    if (found != state.end()) return found->second;
    throw Error(ErrorKind::kBadInput,
                "The checkpoint has no \"" + name +
                    "\": it belongs to another network or optimizer. Start anew.");
  };
  num_steps_ = find(kSteps).item<std::int64_t>();
  for (std::size_t i = 0; i < learned_.size(); ++i) {
    first_[i].copy_(find("first." + learned_[i].name));
    second_[i].copy_(find("second." + learned_[i].name));
  }
}

}  // namespace finview
