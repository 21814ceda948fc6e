#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/outline/edge_signal.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace finview {

struct EdgeTrainingOptions {
  std::int64_t num_steps = 1500;
  std::int64_t num_bases = 28;  ///< per step; each gives two individuals of two views
  std::int64_t num_members = 2;
  std::int64_t num_dims = 128;
  double learning_rate = 2e-3;
  double weight_decay = 1e-4;
  double temperature = 0.1;
  std::int64_t warmup_steps = 50;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor);
};

/// What an edge network learns from; edges as `normalized_edge` gives them.
struct EdgeTrainingData {
  /// Two individuals of one shape, each as the edges that some photos of it gave.
  using Twins = std::array<std::vector<EdgePoints>, 2>;

  std::vector<EdgePoints> bases;  ///< individuals are invented on these
  std::vector<Twins> twins;       ///< at least two photos of each
};

struct EdgeTrainingResult {
  double last_loss = 0;    ///< mean over the last tenth of the steps
  double chance_loss = 0;  ///< what embeddings that say nothing would give
  /// Of individuals that were not learned from: the share whose second view is nearest to their
  /// first among all of them.
  double held_out_rank_1 = 0;        ///< invented on bases
  double held_out_twins_rank_1 = 0;  ///< photographed
  std::size_t num_held_out = 0;      ///< individuals asked
  std::size_t num_held_out_twins = 0;
};

/// Teaches an edge network to tell invented individuals apart and writes it to `path`.
///
/// Each step draws bases, invents two individuals on each, so that the base tells nothing, and two
/// views of either; half of the draws are twins and two photos of either. NT-Xent (Chen et al.,
/// "SimCLR", ICML 2020) asks for the other view among all. AdamW with warm-up and linear decay.
/// Every tenth base and pair of twins is held out to measure. The same for the same options on one
/// machine. Throws Error{kBadInput} for fewer than 20 edges and Error{kUnavailable} where the loss
/// is still within 2 % of chance half way or is not a number, with what to change. Cancelled, it
/// writes nothing.
EdgeTrainingResult train_edge_network(const EdgeTrainingData& data,
                                      const EdgeTrainingOptions& options,
                                      const std::filesystem::path& path,
                                      Progress& progress,
                                      const CancelToken& cancel);

}  // namespace finview
