#pragma once

#include "finview/training/train_embedder.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace finview {

struct CrossValidationOptions {
  TrainEmbedderOptions training;
  std::int64_t num_folds = 0;

  void visit(OptionVisitor& visitor);
};

/// One of the networks, and how it found the individuals kept from it.
struct EmbedderFold {
  std::filesystem::path model;
  std::optional<HeldOutScore> last;  ///< after the last step
  std::optional<HeldOutScore> kept;  ///< the network that was kept, chosen by these individuals
};

/// Mean over folds, and their standard deviation (n - 1).
struct FoldSpread {
  double mean = 0;
  double deviation = 0;
};

struct CrossValidation {
  std::vector<EmbedderFold> folds;
  bool interrupted = false;  ///< the folds are those that were trained to the end
};

/// Trains `num_folds` networks, each without another share of the individuals, so that every known
/// individual with two photos is found once by a network that has never seen it.
///
/// The networks are `out` with ".fold-0" … before its ending, each with its curves and checkpoint;
/// `out`.folds.json holds the figures. With `resume` finished folds are taken as they are and an
/// unfinished one goes on exactly where it stopped. Throws what `train_embedder` throws, and
/// Error{kBadOptions} for one fold, for --fold beside it, or if fewer individuals with two photos
/// are in the pack than folds.
CrossValidation cross_validate_embedder(const CrossValidationOptions& options,
                                        Progress& progress,
                                        const CancelToken& cancel);

/// Of one figure of the folds' last (or kept) networks; folds in which nobody could be asked are
/// left out.
FoldSpread fold_spread(const std::vector<EmbedderFold>& folds,
                       std::optional<HeldOutScore> EmbedderFold::*network,
                       double HeldOutScore::*figure);

}  // namespace finview
