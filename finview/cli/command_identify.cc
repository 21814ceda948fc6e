#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/report.h"
#include "finview/pipeline/identify.h"

#include <fmt/format.h>

namespace finview {

int run_identify(std::span<const std::string> arguments) {
  std::vector<std::string> paths;
  std::string catalogue;
  IdentifyOptions options;
  CommandLine command("identify",
                      "Finds every dorsal fin in the photos and says which individual of the\n"
                      "catalogue it shows, with a probability, or that it is nobody known.",
                      "finview identify survey/ --recursive --catalogue catalogue/ "
                      "--out matches.csv --html page/");
  command.positionals("PATH", paths, "Photos, folders, zip or tar archives");
  command.field("catalogue", catalogue, "Folder with one folder of pictures for each individual");
  command.require("catalogue");
  options.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(paths, "identify");

  ConsoleProgress progress;
  const IdentifyRun run = identify_fins(paths, catalogue, options, progress, interrupted());
  const CatalogueIndex& index = run.catalogue.index;
  fmt::print("Catalogue: {} individuals, {} pictures ({} embedded now).\n",
             index.gallery.individuals().size(),
             index.entries.size(),
             index.num_embedded);
  const FittedCalibration& calibration = run.catalogue.calibration;
  if (calibration.is_of_catalogue()) {
    fmt::print("Calibrated on {} of its own photos.\n\n", calibration.num_known_queries);
  } else {
    fmt::print("Shipped calibration: only {} of its photos have another encounter to find.\n\n",
               calibration.num_known_queries);
  }
  print_answers(run.batch, options.batch.out);
  print_outputs(run.batch, options.batch);
  return batch_exit_code(run.batch);
}

}  // namespace finview
