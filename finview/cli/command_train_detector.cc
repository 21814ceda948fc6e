#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/training/detection_augment.h"
#include "finview/training/detector_training.h"

#include <fmt/format.h>

namespace finview {

int run_train_detector(std::span<const std::string> arguments) {
  DetectorTrainingOptions options;
  AugmentOptions augment;
  std::string cfg, pack, held_out, weights, imagenet, out;
  std::int64_t num_initial_layers = 0;
  CommandLine command("train detector",
                      "Trains a Darknet detector; the same command resumes a broken run.",
                      "finview train detector --cfg fin-detector.cfg --pack train.pack --out run/");
  command.field("cfg", cfg, "Darknet configuration of the network");
  command.field("pack", pack, "Training pack, from finview train pack");
  command.field("held-out-pack", held_out, "Pack that the best weights are chosen by");
  command.field("weights", weights, "Darknet weights to start from");
  command.field(
      "weights-layers", num_initial_layers, "Layers to take from --weights; 0: all", 0, 10'000);
  command.field("imagenet", imagenet, "MobileNetV2 ImageNet weights to start the backbone from");
  command.field("out", out, "Folder for weights, checkpoint and log");
  options.visit(command);
  augment.visit(command);
  command.require("cfg");
  command.require("pack");
  command.require("out");
  if (!command.parse(arguments)) return 0;

  DetectorTrainingJob job;
  job.config = cfg;
  job.train_pack = pack;
  job.held_out_pack = held_out;
  job.initial_weights = weights;
  job.num_initial_layers = num_initial_layers;
  job.imagenet_weights = imagenet;
  job.output_folder = out;
  ConsoleProgress progress;
  const DetectorTrainingResult result =
      train_detector(job, options, augment, progress, interrupted());
  if (held_out.empty()) {
    fmt::print(
        "{} steps; {}/last.weights. Nothing was held out to measure by.\n", result.num_steps, out);
  } else {
    fmt::print("{} steps; {}/last.weights and best.weights (held-out AP@0.5 {:.3f}).\n",
               result.num_steps,
               out,
               result.best_held_out_ap50);
  }
  return interrupted().cancelled() ? 130 : 0;
}

}  // namespace finview
