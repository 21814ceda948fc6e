#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/training/detection_augment.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace finview {

/// How a detector is trained. Defaults are those of the shipped network.
struct DetectorTrainingOptions {
  std::int64_t num_steps = 1500;
  std::int64_t batch_size = 8;  ///< pictures per pass
  std::int64_t accumulate = 1;  ///< passes per step
  std::int64_t width_px = 512;  ///< mean input of training; a multiple of the network's stride
  std::int64_t height_px = 352;
  double multi_scale = 0.25;  ///< the input varies by this share, either way
  std::string optimizer = "adamw";
  double learning_rate = 0.001;
  double momentum = 0.949;  ///< of sgd
  double weight_decay = 0.0005;
  std::int64_t warmup_steps = 50;
  std::string policy = "cosine";
  double last_rate_share = 0.02;  ///< of the learning rate, where the cosine ends
  std::string rate_steps;         ///< of policy "steps": "4800,5400"
  double rate_scale = 0.1;        ///< of policy "steps"
  double backbone_rate_share = 0.3;
  std::int64_t num_backbone_layers = 0;  ///< layers with the smaller rate and fixed batch norm
  std::int64_t num_frozen_layers = 0;    ///< layers that do not learn
  double ema_decay = 0.998;
  double box_weight = 0;                ///< 0 = the configuration's iou_normalizer
  std::int64_t evaluate_every = 100;    ///< steps
  std::int64_t checkpoint_every = 100;  ///< steps
  std::int64_t patience = 0;  ///< evaluations without a better one before stopping; 0 = never
  std::int64_t seed = 1;
  std::string device = "cpu";

  void visit(OptionVisitor& visitor);
  /// `rate_steps` as numbers, rising; empty for another policy. Throws Error{kBadOptions}.
  std::vector<std::int64_t> step_numbers() const;
};

/// What to train, from what, and where results go.
struct DetectorTrainingJob {
  std::string config;
  std::string train_pack;
  std::string held_out_pack;            ///< empty: the last weights are kept
  std::string initial_weights;          ///< empty: none
  std::int64_t num_initial_layers = 0;  ///< of `initial_weights`; 0: all
  std::string imagenet_weights;         ///< see load_imagenet_backbone; empty: none
  std::string output_folder;

  void visit(OptionVisitor& visitor);
};

struct DetectorTrainingResult {
  std::int64_t num_steps = 0;
  double best_held_out_ap50 = 0;
  std::filesystem::path best_weights;
};

/// AP as COCO defines it.
struct DetectorFigures {
  std::size_t num_photos = 0;
  double ap50 = 0;
  double ap75 = 0;
};

/// Of a network on a held-out pack, as training measures it. `device`: cpu or cuda. Throws
/// Error{kBadInput, kNotFound}.
DetectorFigures held_out_figures(const std::filesystem::path& config,
                                 const std::filesystem::path& weights,
                                 const std::filesystem::path& pack,
                                 const std::string& device);

/// Trains with YOLOv4's losses and an exponential moving average of the weights.
///
/// Writes to the output folder `best.weights` (EMA; best mean of AP@0.5 and AP@0.75 on the held-out
/// pack), `last.weights` (EMA), `checkpoint.pt`, `log.csv` and, the same as a page, `curves.html`.
/// A checkpoint there is resumed: every step's pictures depend on seed and step alone, so a resumed
/// run equals an uninterrupted one on one machine. Throws Error{kBadInput} where the loss is not a
/// number, with the step; Error{kConflict} for a checkpoint of other options.
DetectorTrainingResult train_detector(const DetectorTrainingJob& job,
                                      const DetectorTrainingOptions& options,
                                      const AugmentOptions& augment,
                                      Progress& progress,
                                      const CancelToken& cancel);

}  // namespace finview
