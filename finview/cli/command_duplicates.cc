#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/print_duplicates.h"
#include "finview/pipeline/find_duplicates.h"

namespace finview {
int run_duplicates(std::span<const std::string> arguments) {
  std::vector<std::string> folders;
  IdentifyOptions identify;
  DuplicatesOptions options;
  std::string out;
  CommandLine command("duplicates",
                      "Lists pairs of individuals of a catalogue that may be one animal, and\n"
                      "photos that may be filed under the wrong one.",
                      "finview duplicates catalogue/ --out duplicates.csv");
  command.positionals("DIR", folders, "Folder with one folder of pictures for each individual");
  options.visit(command);
  command.field("out", out, "Table of both: a file that ends in .csv");
  identify.match.visit(command);
  identify.catalogue.visit(command);
  identify.detector.visit(command);
  identify.models.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(folders, "duplicates");
  if (folders.size() != 1) {
    throw Error(ErrorKind::kBadOptions, "duplicates takes one catalogue at a time.");
  }

  ConsoleProgress progress;
  const auto found =
      find_folder_duplicates(folders.front(), identify, options, progress, interrupted());
  if (!found) return 1;
  print_duplicates(*found, out);
  return 0;
}

}  // namespace finview
