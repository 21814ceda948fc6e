#pragma once

#include "finview/detection/darknet_network_torch.h"
#include "finview/training/detection_augment_torch.h"
#include "finview/training/detector_loss_torch.h"
#include "finview/training/detector_training.h"

#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include <torch/optim/optimizer.h>

namespace finview {

/// A network, its moving average and its optimizer, between two steps of training.
class DetectorTrainer {
 public:
  /// `network` with its initial weights. Throws Error{kUnavailable} for a device there is not.
  DetectorTrainer(const DarknetConfig& config,
                  std::shared_ptr<DarknetNetwork> network,
                  const DetectorTrainingOptions& options);

  /// One optimizer step on new pictures. Throws Error{kBadInput} if the loss is not finite.
  DetectorLoss step(const DetectionAugmenter& augmenter);

  /// The moving average of the weights, to evaluate and to ship.
  DarknetNetwork& average() { return *average_; }
  std::int64_t num_steps() const { return num_steps_; }
  std::int64_t num_pictures() const {
    return num_steps_ * options_.batch_size * options_.accumulate;
  }
  double learning_rate() const;
  torch::Device device() const { return device_; }

  /// What belongs to the loop and is kept in the checkpoint for it.
  struct LoopState {
    double best_quality = -1;
    std::int64_t num_worse_evaluations = 0;
  };
  void save_checkpoint(const std::filesystem::path& path, const LoopState& state) const;
  /// Throws Error{kBadModel} if the file is no checkpoint of this network, Error{kConflict} if it
  /// was made with other options.
  LoopState load_checkpoint(const std::filesystem::path& path);

 private:
  void make_optimizer();
  void set_modes();
  void set_rates();
  DetectorBatch next_batch(const DetectionAugmenter& augmenter, std::int64_t pass);
  void update_average();

  DetectorTrainingOptions options_;
  torch::Device device_;
  std::shared_ptr<DarknetNetwork> network_;
  std::shared_ptr<DarknetNetwork> average_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
  std::int64_t num_steps_ = 0;
  std::future<DetectorBatch> prepared_;  ///< made on the CPU while a GPU works
};

}  // namespace finview
