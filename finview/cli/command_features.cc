#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/fin_features.h"

#include <algorithm>

#include <fmt/format.h>

namespace finview {

int run_features(std::span<const std::string> arguments) {
  std::vector<std::string> paths;
  FeatureFilesOptions options;
  CommandLine command("features",
                      "Cleans and outlines fin pictures: five pictures (cleaned, enhanced, mask,\n"
                      "outline, Fourier) and the shape's Fourier descriptor of each.",
                      "finview features catalogue/0042/ --out features/");
  command.positionals("PATH", paths, "Pictures of one fin each, folders, zip or tar archives");
  options.visit(command);
  command.require("out");
  if (!command.parse(arguments)) return 0;
  require_paths(paths, "features");

  ConsoleProgress progress;
  const std::vector<FeatureOutcome> outcomes =
      write_features(paths, options, progress, interrupted());
  for (const FeatureOutcome& outcome : outcomes) {
    fmt::print("{}: {}\n", outcome.photo, outcome.outcome);
  }
  const auto written = std::count_if(
      outcomes.begin(), outcomes.end(), [](const FeatureOutcome& one) { return one.written; });
  fmt::print(
      "\n{} of {} pictures done.\nTable: {}/features.csv\n", written, outcomes.size(), options.out);
  return written > 0 ? 0 : 2;
}

}  // namespace finview
