#pragma once

#include "finview/base/options.h"

#include <cstdint>
#include <string>

namespace finview {

/// How differently one fin may look from photo to photo.
struct FinViewOptions {
  double missing_end = 0.32;
  double foreshortening = 0.2;
  double shear = 0.12;
  double place = 0.02;
  double contour = 1;
  double light = 1;
  double blur = 0.6;
  double noise = 0.5;
  double water = 0.5;
  double occlusion = 0.25;
  double marks = 0.7;
  double jpeg = 0;
  double background = 0;

  void visit(OptionVisitor& visitor);
};

/// Who is in a batch and who is held out.
struct EmbedderBatchOptions {
  std::int64_t num_individuals = 10;
  std::int64_t num_views = 2;
  double invented_share = 1;
  std::string mirrored = "never";
  double held_out_share = 0.2;
  std::int64_t fold = 0;

  void visit(OptionVisitor& visitor);
};

/// What is minimized: a weighted sum of losses; a weight of 0 leaves one out.
struct EmbedderLossOptions {
  double nt_xent_weight = 1;
  double temperature = 0.1;
  double triplet_weight = 0;
  std::string mining = "semi-hard";
  double margin = 0;
  bool soft_margin = false;
  double contrastive_weight = 0;
  double contrastive_margin = 0.8;
  double arcface_weight = 0;
  double arcface_scale = 30;
  double min_arcface_margin = 0.1;
  double max_arcface_margin = 0.5;
  std::int64_t arcface_centers = 3;

  void visit(OptionVisitor& visitor);
  /// `check_options`, and Error{kBadOptions} where options contradict each other.
  void check() const;
};

/// How weights follow their slopes.
struct EmbedderOptimizerOptions {
  std::string optimizer = "adamw";
  double learning_rate = 3e-4;
  double head_rate = 3;
  double weight_decay = 1e-4;
  double momentum = 0.9;
  std::string schedule = "cosine";
  double warm_up_share = 0.03;

  void visit(OptionVisitor& visitor);
};

/// How long a training runs and what it keeps.
struct EmbedderScheduleOptions {
  std::int64_t num_steps = 3000;
  std::int64_t frozen_stages = 4;
  double ema_decay = 0.99;
  std::int64_t evaluate_every = 200;
  std::int64_t num_threads = 0;
  std::string device = "cpu";
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor);
};

/// Everything that decides what an embedder learns from a pack.
struct EmbedderTrainingOptions {
  EmbedderScheduleOptions schedule;
  EmbedderOptimizerOptions optimizer;
  EmbedderLossOptions loss;
  EmbedderBatchOptions batches;
  FinViewOptions views;

  void visit(OptionVisitor& visitor);
  /// `check_options`, and what `EmbedderLossOptions::check` refuses.
  void check() const;
};

}  // namespace finview
