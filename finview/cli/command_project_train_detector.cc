#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/project_option.h"
#include "finview/pipeline/project_settings.h"
#include "finview/pipeline/teach_detector.h"

#include <fmt/format.h>

namespace finview {

int run_project_train_detector(std::span<const std::string> arguments) {
  ProjectOption where;
  TeachDetectorOptions options;
  std::string name = "detector";
  bool use = false;
  CommandLine command("project train-detector",
                      "Teaches a copy of the detector where the fins of a project's photos are,\n"
                      "from photos whose every find was decided on; what was discarded is no fin.\n"
                      "Interrupted, the same command goes on.",
                      "finview project train-detector --project hauraki --name boat-2 --use");
  where.visit(command);
  command.field("name", name, "Of the network, in the project's models");
  command.field("use", use, "Use it for photos that come from now on");
  options.visit(command);
  if (!command.parse(arguments)) return 0;
  Project project(where.project);
  check_new_network(project, name, ".weights");
  const auto start = detector_files(with_shipped_models(project_models(project, {})));
  ConsoleProgress progress;
  const TaughtDetector taught =
      teach_detector(project, start, name, options, progress, interrupted());
  if (taught.interrupted) return 1;
  fmt::print("{}: learned from {} fins on {} photos, {} of which were kept to measure by.\n",
             taught.files.weights.string(),
             taught.num_fins,
             taught.num_photos,
             taught.num_held_out);
  const auto print_figures = [](const char* when, const DetectorFigures& figures) {
    fmt::print("Photos kept from training, {}: AP@0.5 {:.3f}, AP@0.75 {:.3f}\n",
               when,
               figures.ap50,
               figures.ap75);
  };
  print_figures("before", taught.before);
  print_figures("after", taught.after);
  if (!use) return 0;
  ProjectSettings settings = read_settings(project);
  settings.detector = taught.files.weights.filename().string();
  write_settings(project, settings);
  return 0;
}

}  // namespace finview
