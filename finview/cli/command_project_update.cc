#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/project_option.h"
#include "finview/pipeline/find_project_fins.h"
#include "finview/pipeline/identify_project.h"
#include "finview/pipeline/project_settings.h"

#include <fmt/format.h>

namespace finview {

int run_project_update(std::span<const std::string> arguments) {
  ProjectOption where;
  DetectorOptions detector;
  ModelOptions models;
  MatchOptions match;
  CommandLine command(
      "project update",
      "Finds the fins of all photos that wait for it, and says of every fin nobody\n"
      "has decided on whom it may show. Interrupted, the same command goes on.",
      "finview project update --project hauraki");
  where.visit(command);
  match.visit(command);
  detector.visit(command);
  models.visit(command);
  if (!command.parse(arguments)) return 0;
  Project project(where.project);
  const Networks networks(project_models(project, models), detector);
  ConsoleProgress progress;
  const FindReport found = find_project_fins(project, networks, progress, interrupted());
  fmt::print("{} fins found in {} photos; {} other fins signed; {} failed.\n",
             found.num_fins,
             found.num_photos,
             found.num_signed,
             found.num_failed);
  if (found.interrupted) return 1;
  const ProjectAnswers answers =
      identify_project(project, networks.signer.recipe(), match, progress, interrupted());
  fmt::print(
      "Asked {} fins of {} individuals: {} certain, {} likely, {} unsure, {} nobody known.\n",
      answers.num_known_fins,
      answers.num_individuals,
      answers.num_by_tier[static_cast<std::size_t>(Tier::kCertain)],
      answers.num_by_tier[static_cast<std::size_t>(Tier::kLikely)],
      answers.num_by_tier[static_cast<std::size_t>(Tier::kUnsure)],
      answers.num_by_tier[static_cast<std::size_t>(Tier::kNobody)]);
  return answers.interrupted ? 1 : 0;
}

}  // namespace finview
