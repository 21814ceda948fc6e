#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/synthetic/survey.h"

#include <fmt/format.h>

namespace finview {

int run_synth(std::span<const std::string> arguments) {
  synthetic::SynthOptions options;
  std::string out;
  CommandLine command("synth",
                      "Renders a survey and its catalogue, with the truth about every fin.",
                      "finview synth --individuals 20 --photos 60 --out demo/");
  command.field("out", out, "folder to write; a broken run is continued there");
  options.visit(command);
  command.require("out");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const synthetic::SurveySummary summary =
      synthetic::render_survey(options, out, progress, interrupted());
  if (summary.cancelled) {
    fmt::print("Stopped. The same command goes on where it ended.\n");
    return 0;
  }
  fmt::print("{}: {} photos with {} fins, {} catalogue photos of {} individuals ({} files kept).\n",
             out,
             summary.num_photos,
             summary.num_fins,
             summary.num_catalogue,
             options.individuals,
             summary.num_kept);
  return 0;
}

}  // namespace finview
