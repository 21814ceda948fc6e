#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/invent_fins.h"

#include <fmt/format.h>

namespace finview {

int run_synth_fins(std::span<const std::string> arguments) {
  InventFinsOptions options;
  std::string fins;
  std::string out;
  CommandLine command("synth fins",
                      "Turns pictures of real fins into individuals that do not exist: another\n"
                      "trailing edge, other marks, other views; with mask and edge of each photo.",
                      "finview synth fins --fins crops/ --out invented/");
  command.field(
      "fins", fins, "folder of fin pictures (or photos with boxes in labels/), or a table");
  command.field("out", out, "folder to write; a broken run is continued there");
  options.visit(command);
  command.require("fins");
  command.require("out");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const InventFinsSummary summary = invent_fins(fins, options, out, progress, interrupted());
  if (summary.cancelled) {
    fmt::print("Stopped. The same command goes on where it ended.\n");
    return 0;
  }
  fmt::print(
      "{}: {} photos of {} individuals from {} fins ({} left out, see left_out.csv; {} individuals "
      "kept).\n",
      out,
      summary.num_photos,
      summary.num_individuals,
      summary.num_parents,
      summary.num_left_out,
      summary.num_kept);
  return summary.num_individuals > 0 ? 0 : 2;
}

}  // namespace finview
