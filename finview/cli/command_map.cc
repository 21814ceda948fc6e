#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/report.h"
#include "finview/pipeline/map_fins.h"

#include <fmt/format.h>

namespace finview {

int run_map(std::span<const std::string> arguments) {
  std::vector<std::string> paths;
  std::string out = "map.csv";
  FinRowOptions input;
  MapOptions options;
  CommandLine command(
      "map",
      "Lays fins out on a plane so that those that look alike lie near each other.\n"
      "PATH is a folder of fin pictures, a table (.csv, .json) of numbers, or a .npy\n"
      "file of embeddings. A kept map stays put when fins are added to it.",
      "finview map catalogue/ --out map.csv --html map.html --save map.fvmap");
  command.positionals("PATH", paths, "Fins: folder, table or .npy file");
  command.field("out", out, "Table of results, .csv or .json");
  options.visit(command);
  input.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(paths, "map");
  if (paths.size() > 1) {
    throw Error(ErrorKind::kBadOptions, "Name one PATH; its fins are mapped together.");
  }
  ConsoleProgress progress;
  const auto summary = map_fins(paths[0], input, options, out, progress, interrupted());
  if (!summary) {
    fmt::print(stderr, "finview: interrupted.\n");
    return 1;
  }
  print_clusters(summary->clusters);
  if (summary->fidelity) {
    fmt::print(
        "Of each fin's 15 nearest, {:.3f} are still among its 15 nearest on the map; "
        "trustworthiness {:.4f}\n",
        summary->fidelity->preservation,
        summary->fidelity->trustworthiness);
  }
  if (!options.add_to.empty()) fmt::print("Added to the map: {} fins\n", summary->num_added);
  fmt::print("Table: {}\n", out);
  if (!options.save.empty()) fmt::print("Map: {}, its table {}.csv\n", options.save, options.save);
  if (!options.html.empty()) {
    fmt::print("Page: {} ({} pictures)\n", options.html, summary->num_pictures);
  }
  return 0;
}

}  // namespace finview
