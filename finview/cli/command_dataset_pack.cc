#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/pack_fins.h"

#include <fmt/format.h>

namespace finview {

int run_dataset_pack(std::span<const std::string> arguments) {
  PackFinsOptions options;
  std::vector<std::string> labelled;
  std::vector<std::string> unlabelled;
  CommandLine command(
      "dataset pack",
      "Lays fins out for a network, outlined where the layout needs it, and writes them\n"
      "into one file that train embedder learns from.",
      "finview dataset pack --labelled catalogue/ --out catalogue.pack");
  command.list("labelled",
               labelled,
               "Fins of known individuals: a table (columns file, individual, and encounter or "
               "date), a folder with labels.csv, or one with a folder per individual; may be given "
               "several times");
  command.list("unlabelled",
               unlabelled,
               "Folder of fins of unknown individuals: crops, or photos with boxes in "
               "labels/<stem>.txt (YOLO); may be given several times");
  options.visit(command);
  command.require("out");
  if (!command.parse(arguments)) return 0;
  ConsoleProgress progress;
  const PackedFins packed = pack_fins(options,
                                      {labelled.begin(), labelled.end()},
                                      {unlabelled.begin(), unlabelled.end()},
                                      progress,
                                      interrupted());
  fmt::print(
      "{}: {} fins of {} individuals, {} of unknown ones, {} rendered; {} left out for want "
      "of a usable edge\n",
      options.out,
      packed.num_labelled,
      packed.num_individuals,
      packed.num_unlabelled,
      packed.num_rendered,
      packed.num_left_out);
  return 0;
}

}  // namespace finview
