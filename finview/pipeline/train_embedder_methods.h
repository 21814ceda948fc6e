#pragma once

#include "finview/base/cancel.h"
#include "finview/base/progress.h"
#include "finview/pipeline/train_embedder.h"
#include "finview/pipeline/training_fins.h"

#include <vector>

namespace finview::internal {

/// Writes the start network with pooled features.
void write_start_network(const TrainEmbedderOptions& options);

// Each writes the model and adds to `result` how it did on held-out individuals. False if
// cancelled.

bool train_head(const TrainEmbedderOptions& options,
                const std::vector<TrainingFin>& fins,
                TrainedEmbedder& result,
                Progress& progress,
                const CancelToken& cancel);

bool train_network(const TrainEmbedderOptions& options,
                   const std::vector<TrainingFin>& fins,
                   TrainedEmbedder& result,
                   Progress& progress,
                   const CancelToken& cancel);

/// Replicates of every bootstrap here.
inline constexpr std::size_t kNumReplicates = 2000;

}  // namespace finview::internal
