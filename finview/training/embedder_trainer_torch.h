#pragma once

#include "finview/embedding/embedding_network_torch.h"
#include "finview/training/embedder_batches.h"
#include "finview/training/embedder_loss_torch.h"
#include "finview/training/embedder_optimizer_torch.h"
#include "finview/training/embedder_options.h"
#include "finview/training/fin_views_torch.h"
#include "finview/training/training_curves.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <torch/types.h>

namespace finview {

/// What one step gave.
struct EmbedderStep {
  double loss = 0;
  double chance = 0;
  double spread = 0;
  double active_share = 1;
};

/// A network on its way from start weights to an embedder: steps, measurements, checkpoints.
class EmbedderTrainer {
 public:
  /// `pack` must outlive the trainer. Empty `start`: random weights. Throws as
  /// `train_embedder_network`.
  EmbedderTrainer(const FinPack& pack,
                  const std::filesystem::path& start,
                  const EmbedderTrainingOptions& options);

  /// Learns from batch `number` (from 0), which is the same whatever came before.
  EmbedderStep step(std::int64_t number);

  /// Of the running mean of the weights; nothing where nobody is held out.
  std::optional<HeldOutScore> measure_known() const { return measure(batches_.held_out_known()); }
  std::optional<HeldOutScore> measure_taught() const { return measure(batches_.taught_known()); }
  std::optional<HeldOutScore> measure_invented() const;

  /// Writes the running mean of the weights as a model file of kind "embedder".
  void write_model(const std::filesystem::path& path) const;

  /// Everything a step depends on but pack and options, in full precision.
  std::map<std::string, torch::Tensor> state() const;
  /// Throws Error{kBadInput} if `state` belongs to another network or optimizer.
  void set_state(const std::map<std::string, torch::Tensor>& state);

  const EmbedderBatches& batches() const { return batches_; }

 private:
  void prepare(const std::filesystem::path& start);
  void load_start(const std::filesystem::path& start);
  torch::Tensor embed(const torch::Tensor& input) const;
  void follow_weights(std::int64_t number);
  std::optional<HeldOutScore> measure(const std::vector<std::size_t>& fins) const;

  const FinPack& pack_;
  EmbedderTrainingOptions options_;
  EmbedderContract contract_;
  torch::Device device_;
  EmbedderBatches batches_;
  FinViews views_;
  std::shared_ptr<EmbeddingNetwork> network_;
  std::shared_ptr<EmbeddingNetwork> mean_;  ///< running mean of the weights
  std::shared_ptr<EmbedderLoss> loss_;
  std::unique_ptr<EmbedderOptimizer> optimizer_;
};

}  // namespace finview
