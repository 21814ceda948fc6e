#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/identify.h"

#include <fmt/format.h>

namespace finview {

int run_catalogue_index(std::span<const std::string> arguments) {
  std::vector<std::string> folders;
  IdentifyOptions options;
  CommandLine command(
      "catalogue index",
      "Embeds a catalogue's pictures, so that identify need not. Pictures are known\n"
      "by their content: only new and changed ones are embedded.",
      "finview catalogue index catalogue/");
  command.positionals("DIR", folders, "Folder with one folder of pictures for each individual");
  options.catalogue.visit(command);
  options.detector.visit(command);
  options.models.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(folders, "catalogue index");

  ConsoleProgress progress;
  for (const std::string& folder : folders) {
    const OpenCatalogue catalogue = open_catalogue(folder, options, progress, interrupted());
    const CatalogueIndex& index = catalogue.index;
    fmt::print("{}: {} individuals, {} pictures, {} embedded now, {} left out.\n",
               folder,
               index.gallery.individuals().size(),
               index.entries.size(),
               index.num_embedded,
               index.failures.size());
  }
  return 0;
}

}  // namespace finview
