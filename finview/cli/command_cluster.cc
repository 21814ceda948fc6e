#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/report.h"
#include "finview/pipeline/cluster_fins.h"

#include <fmt/format.h>

namespace finview {

int run_cluster(std::span<const std::string> arguments) {
  std::vector<std::string> paths;
  std::string out = "clusters.csv";
  FinRowOptions input;
  ClusterOptions options;
  CommandLine command(
      "cluster",
      "Groups fins that lie near each other and marks those that fit nowhere.\n"
      "PATH is a folder of fin pictures, a table (.csv, .json) with the columns x and y\n"
      "or other numbers, or a .npy file of embeddings.",
      "finview cluster catalogue/ --metric cosine --out clusters.csv");
  command.positionals("PATH", paths, "Fins: folder, table or .npy file");
  command.field("out", out, "Table of results, .csv or .json");
  options.visit(command);
  input.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(paths, "cluster");
  if (paths.size() > 1) {
    throw Error(ErrorKind::kBadOptions, "Name one PATH; its fins are clustered together.");
  }
  ConsoleProgress progress;
  const auto summary = cluster_fins(paths[0], input, options, out, progress, interrupted());
  if (!summary) {
    fmt::print(stderr, "finview: interrupted.\n");
    return 1;
  }
  print_clusters(*summary);
  fmt::print("Table: {}\n", out);
  return 0;
}

}  // namespace finview
