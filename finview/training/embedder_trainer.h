#pragma once

#include "finview/base/options.h"
#include "finview/embedding/embedder_contract.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace finview {

struct EmbedderTrainerOptions {
  std::int64_t num_steps = 600;
  double learning_rate = 3e-4;
  double head_rate = 3;
  double weight_decay = 1e-4;
  double temperature = 0.1;
  std::int64_t frozen_stages = 7;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field("steps", num_steps, "Optimizer steps", 1, 10'000'000);
    visitor.field("learning-rate", learning_rate, "Largest learning rate", 1e-8, 1.0);
    visitor.field(
        "head-rate", head_rate, "The new layers learn this many times faster", 0.1, 100.0);
    visitor.field("weight-decay", weight_decay, "AdamW's weight decay", 0.0, 1.0);
    visitor.field("temperature", temperature, "Of the contrastive loss", 0.01, 1.0);
    visitor.field("frozen-stages",
                  frozen_stages,
                  "MobileNetV2 stages that keep their start weights, of 19",
                  0,
                  19);
    visitor.field("seed", seed, "Of first weights, views and order", 0, 1'000'000'000);
  }
};

/// How training stands after a step.
struct EmbedderStep {
  double loss = 0;         ///< of this batch
  double chance_loss = 0;  ///< what embeddings that say nothing would give
  double mean_cosine = 0;  ///< between embeddings of different classes of this batch
};

/// Teaches an embedding network, batch by batch, that views of one class are alike.
///
/// Supervised contrastive loss (Khosla et al., "Supervised Contrastive Learning", NeurIPS 2020,
/// equation 2), which with two views per class is NT-Xent (Chen et al., "SimCLR", ICML 2020). AdamW
/// with a linear warm-up over the first tenth of the steps and a cosine decay; batch norm stays in
/// evaluation mode. Deterministic for one number of threads.
class EmbedderTrainer {
 public:
  /// `weights`: MobileNetV2 to start from, a dictionary with torchvision's names written by
  /// `torch.save`. Throws Error{kNotFound}, Error{kBadModel}.
  EmbedderTrainer(const std::filesystem::path& weights,
                  const EmbedderContract& contract,
                  const EmbedderTrainerOptions& options);
  ~EmbedderTrainer();

  /// One step on a batch of pictures (input_px x input_px x 3 bytes each, BGR, one after the other)
  /// and their classes.
  ///
  /// Throws Error{kBadInput} for a batch in which no class has two pictures or there is one class
  /// only, and Error{kUnavailable} where training has collapsed: after the warm-up, when the
  /// running mean of the cosine between classes is above 0.98, of the loss within 1 % of chance, or
  /// when the loss is not finite. The sentence says what to change.
  EmbedderStep step(std::span<const std::uint8_t> bgr, std::span<const std::int64_t> classes);

  /// Writes the network as a model file of kind "embedder".
  void write(const std::filesystem::path& path, const EmbedderContract& contract) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
