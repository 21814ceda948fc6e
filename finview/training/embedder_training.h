#pragma once

#include "finview/base/cancel.h"
#include "finview/base/progress.h"
#include "finview/training/embedder_options.h"
#include "finview/training/fin_pack.h"
#include "finview/training/training_curves.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace finview {

struct EmbedderTrainingResult {
  std::vector<TrainingPoint> curve;
  std::int64_t best_step = 0;
  double best_score = 0;                     ///< see `train_embedder_network`
  std::optional<HeldOutScore> known_before;  ///< photos of held-out individuals, by the start
  bool interrupted = false;
};

/// Teaches the network of the pack's contract until views of one individual come to lie close
/// together.
///
/// `start`: the backbone's weights as a dictionary with torchvision's names written by
/// `torch.save`, or an embedder of FinView (.fvm) with the same backbone to be taught further;
/// batch norm keeps their statistics. Empty: random weights, of which no stage is frozen; batch
/// norm learns its statistics. Every
/// `evaluate_every` steps the running mean of the weights is measured on individuals kept from
/// training: known ones by their photos as they are (leave-one-out, own encounter left out),
/// invented ones by pairs of views. The mean of their mean average precisions is the score; the
/// best so far is written to `out` (the last one where nothing is held out). Beside it stand
/// `out`.html and `out`.json, the curves, and `out`.checkpoint, from which `resume` goes on exactly
/// as if nothing had happened (or with another number of steps). Cancelled, it measures once more
/// and keeps the best.
///
/// The same for the same pack, options, kind of device and number of threads. Throws
/// Error{kBadOptions}, Error{kNotFound, kBadModel} for start weights or checkpoint,
/// Error{kBadInput} as `EmbedderBatches`, and Error{kUnavailable} with what to change where
/// training has collapsed (see `CollapseWatch`); the best model so far stays.
EmbedderTrainingResult train_embedder_network(const FinPack& pack,
                                              const std::filesystem::path& start,
                                              const EmbedderTrainingOptions& options,
                                              bool resume,
                                              const std::filesystem::path& out,
                                              Progress& progress,
                                              const CancelToken& cancel);

}  // namespace finview
