#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/detection/without_relu6.h"
#include "finview/pipeline/models.h"

#include <fmt/format.h>

namespace finview {

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
