#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/training/embedder_training.h"

#include <cstdint>
#include <string>

namespace finview {

struct TrainEmbedderOptions {
  std::string pack;
  std::string start;  ///< empty: random weights
  std::string out;
  std::string network = "mobilenet-v2";
  std::int64_t num_stages = 0;
  std::int64_t num_dims = 128;
  std::int64_t grid_channels = 64;
  double pooling_power = 1;
  bool resume = false;
  EmbedderTrainingOptions training;

  void visit(OptionVisitor& visitor);
};

/// Trains an embedder on the pack at `options.pack` and writes it to `options.out`.
EmbedderTrainingResult train_embedder(const TrainEmbedderOptions& options,
                                      Progress& progress,
                                      const CancelToken& cancel);

}  // namespace finview
