#include "finview/cli/command_train_detector.h"

#include "finview/cli/command.h"
#include "finview/cli/command_line.h"
#include "finview/training/detection_augment.h"
#include "finview/training/detector_training.h"

#include <fmt/format.h>

namespace finview {

int run_train_detector(std::span<const std::string> arguments) {
  DetectorTrainingJob job;
  DetectorTrainingOptions options;
  AugmentOptions augment;
  CommandLine command("train detector",
                      "Trains a Darknet detector; the same command resumes a broken run.",
                      "finview train detector --cfg fin-detector.cfg --pack train.pack --out run/");
  job.visit(command);
  options.visit(command);
  augment.visit(command);
  command.require("cfg");
  command.require("pack");
  command.require("out");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const DetectorTrainingResult result =
      train_detector(job, options, augment, progress, interrupted());
  if (job.held_out_pack.empty()) {
    fmt::print("{} steps; {}/last.weights. Nothing was held out to measure by.\n",
               result.num_steps,
               job.output_folder);
  } else {
    fmt::print("{} steps; {}/last.weights and best.weights (held-out AP@0.5 {:.3f}).\n",
               result.num_steps,
               job.output_folder,
               result.best_held_out_ap50);
  }
  return interrupted().cancelled() ? 130 : 0;
}

}  // namespace finview
