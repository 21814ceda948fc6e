#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/report.h"
#include "finview/pipeline/detect.h"

#include <fmt/format.h>

namespace finview {

int run_detect(std::span<const std::string> arguments) {
  std::vector<std::string> paths;
  BatchOptions batch;
  DetectorOptions detector;
  ModelOptions models;
  CommandLine command("detect",
                      "Finds every dorsal fin in the photos.",
                      "finview detect survey.zip --out boxes.csv --annotated boxes/");
  command.positionals("PATH", paths, "Photos, folders, zip or tar archives");
  batch.visit(command);
  detector.visit(command);
  models.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(paths, "detect");

  ConsoleProgress progress;
  const BatchRun run = detect_fins(paths, batch, detector, models, progress, interrupted());
  if (batch.out.empty()) {
    for (const PhotoResult& result : run.results) {
      for (const FinResult& fin : result.fins) {
        fmt::print("{}: {:.0f},{:.0f} {:.0f} x {:.0f} px, confidence {:.2f}\n",
                   result.photo,
                   fin.box.left_px,
                   fin.box.top_px,
                   fin.box.width_px(),
                   fin.box.height_px(),
                   fin.box.confidence);
      }
    }
  }
  print_outputs(run, batch);
  return batch_exit_code(run);
}

}  // namespace finview
