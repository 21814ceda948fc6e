#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/project_option.h"
#include "finview/pipeline/project_settings.h"
#include "finview/pipeline/teach_project.h"

#include <fmt/format.h>

namespace finview {

int run_project_train(std::span<const std::string> arguments) {
  ProjectOption where;
  TeachOptions options;
  std::string name = "look";
  bool use = false;
  CommandLine command("project train",
                      "Teaches a copy of the look network whom a project's confirmed fins show.\n"
                      "Interrupted, the same command goes on.",
                      "finview project train --project hauraki --name look-2024 --use");
  where.visit(command);
  command.field("name", name, "Of the network, in the project's models");
  command.field("use", use, "Use it from now on; then run finview project update");
  options.visit(command);
  if (!command.parse(arguments)) return 0;
  Project project(where.project);
  check_new_network(project, name, ".fvm");
  const std::string start = with_shipped_models(project_models(project, {})).embedder;
  ConsoleProgress progress;
  const TaughtNetwork taught =
      teach_project(project, start, name, options, progress, interrupted());
  if (taught.training.interrupted) return 1;
  fmt::print("{}: learned from {} fins of {} individuals; best at step {}.\n",
             taught.file.string(),
             taught.num_fins,
             taught.num_individuals,
             taught.training.best_step);
  const auto print_score = [](const char* when, const std::optional<HeldOutScore>& score) {
    if (!score) return;
    fmt::print("Individuals kept from training, {}: found first {:.3f}, among five {:.3f}\n",
               when,
               score->rank_1,
               score->rank_5);
  };
  print_score("before", taught.training.known_before);
  for (const TrainingPoint& point : taught.training.curve) {
    if (point.step == taught.training.best_step) print_score("after", point.known);
  }
  if (!use) return 0;
  ProjectSettings settings = read_settings(project);
  settings.look_network = name + ".fvm";
  write_settings(project, settings);
  return 0;
}

}  // namespace finview
