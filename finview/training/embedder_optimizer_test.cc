#include "finview/base/error.h"
#include "finview/training/embedder_optimizer_torch.h"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace finview {
namespace {

torch::Tensor start() { return torch::tensor({1.0, -2.0, 3.0, 0.5}).view({2, 2}).clone(); }

/// What is minimized: pulls every weight to another place with another strength.
torch::Tensor valley(const torch::Tensor& weights) {
  const torch::Tensor strength = torch::tensor({1.0, 10.0, 0.1, 3.0}).view({2, 2});
  return (strength * (weights - 0.3).pow(2)).sum();
}

EmbedderOptimizerOptions options(const std::string& name) {
  EmbedderOptimizerOptions options;
  options.optimizer = name;
  options.learning_rate = 0.02;
  options.weight_decay = 0.05;
  return options;
}

torch::Tensor ours(const EmbedderOptimizerOptions& options, int num_steps) {
  torch::Tensor weights = start().set_requires_grad(true);
  EmbedderOptimizer optimizer({{"w", weights, false}}, options);
  for (int i = 0; i < num_steps; ++i) {
    optimizer.zero_slopes();
    valley(weights).backward();
    optimizer.step(1);
  }
  return weights.detach();
}

torch::Tensor theirs(
    const std::function<std::unique_ptr<torch::optim::Optimizer>(torch::Tensor)>& make,
    int num_steps) {
  torch::Tensor weights = start().set_requires_grad(true);
  const auto optimizer = make(weights);
  for (int i = 0; i < num_steps; ++i) {
    optimizer->zero_grad();
    valley(weights).backward();
    optimizer->step();
  }
  return weights.detach();
}

TEST(EmbedderOptimizer, StepsAsLibTorchDoes) {
  using namespace torch::optim;
  const auto params = [](const torch::Tensor& w) { return std::vector<torch::Tensor>{w}; };
  const torch::Tensor adam = theirs(
      [&](torch::Tensor w) {
        return std::make_unique<Adam>(params(w), AdamOptions(0.02).weight_decay(0.05));
      },
      30);
  EXPECT_TRUE(torch::allclose(ours(options("adam"), 30), adam, 1e-5, 1e-6));
  const torch::Tensor adamw = theirs(
      [&](torch::Tensor w) {
        return std::make_unique<AdamW>(params(w), AdamWOptions(0.02).weight_decay(0.05));
      },
      30);
  EXPECT_TRUE(torch::allclose(ours(options("adamw"), 30), adamw, 1e-5, 1e-6));
  const torch::Tensor sgd = theirs(
      [&](torch::Tensor w) {
        return std::make_unique<SGD>(
            params(w), SGDOptions(0.02).momentum(0.9).nesterov(true).weight_decay(0.05));
      },
      30);
  EXPECT_TRUE(torch::allclose(ours(options("sgd"), 30), sgd, 1e-5, 1e-6));
}

TEST(EmbedderOptimizer, AdamaxFollowsAlgorithmTwoOfThePaper) {
  EmbedderOptimizerOptions adamax = options("adamax");
  adamax.weight_decay = 0;
  const torch::Tensor found = ours(adamax, 12);
  const double starts[4] = {1, -2, 3, 0.5};
  const double strengths[4] = {1, 10, 0.1, 3};
  for (int k = 0; k < 4; ++k) {
    double w = starts[k];
    double m = 0;
    double u = 0;
    for (int t = 1; t <= 12; ++t) {
      const double g = 2 * strengths[k] * (w - 0.3);
      m = 0.9 * m + 0.1 * g;
      u = std::max(0.999 * u, std::abs(g) + 1e-8);
      w -= 0.02 / (1 - std::pow(0.9, t)) * m / u;
    }
    EXPECT_NEAR(found.flatten()[k].item<double>(), w, 1e-5);
  }
}

TEST(EmbedderOptimizer, GoesOnExactlyFromItsState) {
  for (const char* name : {"adamw", "adam", "adamax", "sgd"}) {
    torch::Tensor weights = start().set_requires_grad(true);
    std::map<std::string, torch::Tensor> state;
    const auto step = [&](EmbedderOptimizer& optimizer) {
      optimizer.zero_slopes();
      valley(weights).backward();
      optimizer.step(0.7);
    };
    {
      EmbedderOptimizer first({{"w", weights, true}}, options(name));
      for (int i = 0; i < 5; ++i) step(first);
      for (const auto& [key, tensor] : first.state()) state[key] = tensor.clone();
    }
    EmbedderOptimizer second({{"w", weights, true}}, options(name));
    second.set_state(state);
    for (int i = 0; i < 5; ++i) step(second);
    const torch::Tensor broken = weights.detach().clone();
    weights = start().set_requires_grad(true);
    EmbedderOptimizer whole({{"w", weights, true}}, options(name));
    for (int i = 0; i < 10; ++i) step(whole);
    EXPECT_TRUE(torch::equal(broken, weights)) << name;
  }
}

TEST(EmbedderOptimizer, RefusesTheStateOfAnotherNetwork) {
  torch::Tensor weights = start().set_requires_grad(true);
  EmbedderOptimizer one({{"w", weights, false}}, options("adamw"));
  EmbedderOptimizer other({{"v", weights, false}}, options("adamw"));
  EXPECT_THROW(other.set_state(one.state()), Error);
}

TEST(EmbedderOptimizer, BiasesAreNotDecayed) {
  torch::Tensor bias = torch::ones({3}).set_requires_grad(true);
  EmbedderOptimizer optimizer({{"b", bias, false}}, options("adamw"));
  (bias.sum() * 0).backward();
  optimizer.step(1);
  EXPECT_TRUE(torch::equal(bias, torch::ones({3})));
}

TEST(LearningRate, RisesThenFallsAsAsked) {
  EmbedderOptimizerOptions options;
  options.warm_up_share = 0.1;
  const auto share = [&](std::int64_t step) { return learning_rate_share(options, step, 100); };
  for (const char* schedule : {"cosine", "linear", "steps", "constant"}) {
    options.schedule = schedule;
    EXPECT_NEAR(share(0), 0.1, 1e-9);
    EXPECT_NEAR(share(4), 0.5, 1e-9);
    EXPECT_NEAR(share(9), 1, 1e-9) << schedule;
    for (std::int64_t i = 10; i < 100; ++i) EXPECT_LE(share(i), share(i - 1) + 1e-12);
  }
  options.schedule = "constant";
  EXPECT_EQ(share(99), 1);
  options.schedule = "linear";
  EXPECT_NEAR(share(54), 1 - 45.0 / 91, 1e-9);
  options.schedule = "cosine";
  EXPECT_LT(share(99), 0.01);
  options.schedule = "steps";
  EXPECT_EQ(share(99), 0.01);
}

}  // namespace
}  // namespace finview
