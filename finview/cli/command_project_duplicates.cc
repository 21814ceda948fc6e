#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/print_duplicates.h"
#include "finview/cli/project_option.h"
#include "finview/pipeline/networks.h"
#include "finview/pipeline/project_duplicates.h"
#include "finview/pipeline/project_settings.h"

namespace finview {

int run_project_duplicates(std::span<const std::string> arguments) {
  ProjectOption where;
  ModelOptions models;
  DuplicatesOptions options;
  std::string out;
  CommandLine command(
      "project duplicates",
      "Lists pairs of a project's individuals that may be one animal, and confirmed fins\n"
      "that another individual claims more strongly than their own; also for the web app.\n"
      "What a person told apart is not listed again. Fins that were not signed yet are\n"
      "left out (finview project update).",
      "finview project duplicates --project hauraki --out duplicates.csv");
  where.visit(command);
  options.visit(command);
  command.field("out", out, "Table of both: a file that ends in .csv");
  models.visit(command);
  if (!command.parse(arguments)) return 0;
  Project project(where.project);
  ConsoleProgress progress;
  const std::string recipe = Networks(project_models(project, models)).signer.recipe();
  const auto found = find_project_duplicates(project, recipe, options, progress, interrupted());
  if (!found) return 1;
  print_duplicates(*found, out);
  return 0;
}

}  // namespace finview
