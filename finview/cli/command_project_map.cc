#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/project_option.h"
#include "finview/pipeline/map_project.h"
#include "finview/pipeline/networks.h"
#include "finview/pipeline/project_settings.h"

#include <algorithm>

#include <fmt/format.h>

namespace finview {

int run_project_map(std::span<const std::string> arguments) {
  ProjectOption where;
  ModelOptions models;
  ProjectMapOptions options;
  CommandLine command("project map",
                      "Lays out a project's fins so that like ones lie near each other, for the\n"
                      "map of the web app. Fins of the last map stay put.",
                      "finview project map --project hauraki");
  where.visit(command);
  options.visit(command);
  models.visit(command);
  if (!command.parse(arguments)) return 0;
  Project project(where.project);
  ConsoleProgress progress;
  const std::string recipe = Networks(project_models(project, models)).signer.recipe();
  const auto map = map_project(project, recipe, options, progress, interrupted());
  if (!map) return 1;
  std::int32_t num_clusters = 0;
  for (const MappedFin& fin : map->fins) num_clusters = std::max(num_clusters, fin.cluster + 1);
  fmt::print("{} fins in {} clusters.\n", map->fins.size(), num_clusters);
  return 0;
}

}  // namespace finview
