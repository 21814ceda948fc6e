#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/detection/without_relu6.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/pack_detection_data.h"
#include "finview/training/detection_augment.h"
#include "finview/training/detector_training.h"

#include <fmt/format.h>

namespace finview {

int run_train_pack(std::span<const std::string> arguments) {
  DetectionData data;
  std::string train_pack;
  std::string held_out_pack = "held-out.pack";
  CommandLine command("train pack",
                      "Decodes labelled photos into one file that a detector is trained from.",
                      "finview train pack --labelled photos/ --out train.pack");
  command.list("labelled", data.labelled_folders, "Folder of photos, boxes in its labels/*.txt");
  command.list("fin-free-photos", data.fin_free_folders, "Folder of photos without a fin");
  data.visit(command);
  command.field("out", train_pack, "Training pack to write");
  command.field("held-out-out", held_out_pack, "Pack of the photos named by --held-out");
  command.require("out");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const DetectionDataCounts counts = pack_detection_data(data, train_pack, held_out_pack, progress);
  fmt::print(
      "{}: {} photos with fins, {} without, {} wrong finds, {} close-ups ({} with a mask); {} "
      "held out.\n",
      train_pack,
      counts.num_photos,
      counts.num_fin_free,
      counts.num_wrong_finds,
      counts.num_cutouts,
      counts.num_masks,
      counts.num_held_out);
  return 0;
}

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

int run_train_export(std::span<const std::string> arguments) {
  ModelOptions models;
  std::string out;
  CommandLine command("train export",
                      "Writes a detector for programs that do not know the activation relu6.",
                      "finview train export --out opencv/");
  command.field("detector-cfg", models.detector_cfg, "Darknet .cfg; empty: the one FinView ships");
  command.field("detector-weights", models.detector_weights, "Darknet .weights for that .cfg");
  command.field("out", out, "Folder for the .cfg and .weights, named as those read");
  command.require("out");
  if (!command.parse(arguments)) return 0;
  const DetectorFiles from = detector_files(with_shipped_models(models));
  const std::filesystem::path folder = out;
  const DetectorFiles to{folder / from.cfg.filename(), folder / from.weights.filename()};
  write_without_relu6(from, to);
  fmt::print("Written: {}, {}\n", to.cfg.string(), to.weights.string());
  return 0;
}

}  // namespace finview
