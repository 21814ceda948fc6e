#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/project_option.h"
#include "finview/pipeline/import_photos.h"

#include <fmt/format.h>

namespace finview {

int run_import(std::span<const std::string> arguments) {
  std::vector<std::string> paths;
  ProjectOption where;
  ImportOptions options;
  options.who = login_name();
  CommandLine command("import",
                      "Takes photos into a project. Importing again changes nothing: photos are\n"
                      "known by their bytes. `finview project update` then finds their fins.",
                      "finview import survey/ trip.zip --project hauraki");
  command.positionals("PATH", paths, "Photos, folders (with those below), zip or tar archives");
  where.visit(command);
  options.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(paths, "import");
  Project project(where.project);
  ConsoleProgress progress;
  const ImportReport report = import_photos(project, paths, options, progress, interrupted());
  fmt::print("{} photos imported, {} were there already, {} could not be read.\n",
             report.num_added,
             report.num_known,
             report.num_failed);
  if (report.num_labelled_photos > 0) {
    fmt::print("{} photos are in the table.\n", report.num_labelled_photos);
  } else if (!options.labels.empty()) {
    fmt::print("{} fins came with the labels.\n", report.num_labelled_fins);
  }
  const bool nothing = report.num_added + report.num_known == 0 && report.num_failed > 0;
  return nothing ? 2 : 0;
}

}  // namespace finview
