#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/match/metrics.h"
#include "finview/pipeline/fin_views.h"
#include "finview/training/embedder_head.h"
#include "finview/training/embedder_trainer.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace finview {

struct TrainEmbedderOptions {
  std::string labelled;
  std::string start;
  std::string out;
  std::string method = "head";
  std::int64_t input_px = 224;
  std::int64_t grid_channels = 64;
  double pooling_power = 1;
  bool add_mirrored = false;
  std::int64_t num_fins = 12;
  std::int64_t num_views = 8;
  std::int64_t num_folds = 4;
  EmbedderTrainerOptions trainer;
  HeadOptions head;
  ViewOptions views;

  void visit(OptionVisitor& visitor);
};

/// How start weights and learned network rank individuals that were kept from training.
struct HeldOutComparison {
  RankingMetrics start;
  RankingMetrics trained;
};

struct TrainedEmbedder {
  std::size_t num_individuals = 0;
  std::size_t num_labelled_fins = 0;
  std::size_t num_unlabelled_fins = 0;
  std::optional<HeldOutComparison> held_out;  ///< nothing if there are too few individuals
};

/// Learns an embedder and writes it to `options.out`.
///
/// Method "network": MobileNetV2 is fine-tuned so that views of one fin, and photos of one
/// individual, come to lie close together. Each batch holds `num_fins` fins, each beside an
/// individual invented from it (`invented_fin`), so that color and place tell nothing. Of the known
/// individuals one of `num_folds` parts is held out to measure the result.
///
/// Method "head": the start network stays; a discriminant head (`fit_discriminant_head`) is fitted
/// to `num_views` views of each fin. It is fitted `num_folds` times more, each time without a part
/// of the individuals, which then measure it; about 20 ms per view on one core.
///
/// Method "none": the start network alone, for comparison.
///
/// Unlabelled folders inside the labelled one are left out where individuals are held out: they may
/// show them. Deterministic for one number of threads. Cancelled, "network" writes what it has
/// learned so far, "head" writes nothing; either returns nothing. Throws Error{kNotFound},
/// Error{kBadInput}, Error{kBadModel} and Error{kBadOptions} for what cannot be read or learned
/// from, and what `EmbedderTrainer::step` throws.
std::optional<TrainedEmbedder> train_embedder(const TrainEmbedderOptions& options,
                                              const std::vector<std::filesystem::path>& unlabelled,
                                              Progress& progress,
                                              const CancelToken& cancel);

}  // namespace finview
