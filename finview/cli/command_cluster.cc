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
  ClusterOutputs outputs;
  CommandLine command(
      "cluster",
      "Groups fins that lie near each other and marks those that fit nowhere.\n"
      "PATH is a folder of fin pictures, a table (.csv, .json) with the columns x and y\n"
      "or other numbers, or a .npy file of embeddings. Other fins (--new) can be judged by\n"
      "them: which cluster each would join, how strange it is, and who its nearest fins say\n"
      "it is.",
      "finview cluster catalogue/ --metric cosine --new survey-crops/ --new-out survey.csv");
  command.positionals("PATH", paths, "Fins: folder, table or .npy file");
  command.field("out", out, "Table of results, .csv or .json");
  options.visit(command);
  outputs.visit(command);
  input.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(paths, "cluster");
  if (paths.size() > 1) {
    throw Error(ErrorKind::kBadOptions, "Name one PATH; its fins are clustered together.");
  }
  ConsoleProgress progress;
  const auto report = cluster_fins(paths[0], input, options, outputs, out, progress, interrupted());
  if (!report) {
    fmt::print(stderr, "finview: interrupted.\n");
    return 1;
  }
  print_clusters(report->summary);
  if (report->silhouette) {
    fmt::print("Mean silhouette of the fins in clusters: {:.3f}\n", *report->silhouette);
  }
  if (report->new_fins) print_new_fins(*report->new_fins);
  fmt::print("Table: {}\n", out);
  if (report->new_fins) fmt::print("Table of the new fins: {}\n", outputs.new_fins.out);
  for (const std::string& path : {outputs.tree, outputs.spanning_tree, outputs.memberships}) {
    if (!path.empty()) fmt::print("Table: {}\n", path);
  }
  return 0;
}

}  // namespace finview
