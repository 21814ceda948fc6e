#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/print_evaluation.h"
#include "finview/cli/project_option.h"
#include "finview/pipeline/evaluation_page.h"
#include "finview/pipeline/known_fins.h"
#include "finview/pipeline/networks.h"
#include "finview/pipeline/project_settings.h"

namespace finview {

int run_project_evaluate(std::span<const std::string> arguments) {
  ProjectOption where;
  ModelOptions models;
  MatchOptions match;
  EvaluationSplit split;
  std::string html;
  std::string json;
  CommandLine command(
      "project evaluate",
      "Says how well a project's confirmed fins find their individual, and how well strangers\n"
      "are told apart: each fin asks the rest without its own encounter, and again without its\n"
      "individual. Fins that were not signed yet are left out (finview project update).",
      "finview project evaluate --project hauraki --html evaluation.html");
  where.visit(command);
  command.field("html", html, "Page with curves and tables: a file that ends in .html");
  command.field("json", json, "The same numbers: a file that ends in .json");
  match.visit(command);
  split.visit(command);
  models.visit(command);
  if (!command.parse(arguments)) return 0;
  const Project project(where.project);
  ConsoleProgress progress;
  const std::string recipe = Networks(project_models(project, models)).signer.recipe();
  const KnownFins known = known_fins(project.catalogue(), recipe);
  const IdentifyEvaluation found =
      evaluate_gallery(known.gallery, known.photo_names, match, split, progress);
  print_evaluation(project.name(), found);
  write_evaluation(project.name(), found, html, json);
  return 0;
}

}  // namespace finview
