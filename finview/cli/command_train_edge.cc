#include "finview/base/files.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/train_edge.h"

#include <fmt/format.h>

namespace finview {

int run_train_edge(std::span<const std::string> arguments) {
  TrainEdgeOptions options;
  std::vector<std::string> fins;
  CommandLine command("train edge",
                      "Teaches the edge network to tell trailing edges apart. It learns from "
                      "individuals invented on\nthe edges of your pictures and of rendered fins; "
                      "nobody has to know who the pictures show.",
                      "finview train edge --fins catalogue/A12 --out fin-edge.fvm");
  options.visit(command);
  command.list(
      "fins",
      fins,
      "Folder of fin pictures, or of photos with boxes in labels/<stem>.txt (YOLO); may be "
      "given several times");
  command.require("out");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const TrainedEdge trained =
      train_edge(options, {fins.begin(), fins.end()}, progress, interrupted());
  fmt::print(
      "{}: from {} real and {} rendered edges and {} pairs of photographed twins, loss {:.3f} "
      "(chance {:.3f}), SHA-256 {}\n"
      "Individuals that were not learned from, second view nearest to the first:\n"
      "  {:.3f} of {} invented on edges\n",
      options.out,
      trained.num_real,
      trained.num_rendered,
      trained.num_twins,
      trained.training.last_loss,
      trained.training.chance_loss,
      sha256_hex(read_file(options.out)),
      trained.training.held_out_rank_1,
      trained.training.num_held_out);
  if (trained.training.num_held_out_twins > 0) {
    fmt::print("  {:.3f} of {} photographed\n",
               trained.training.held_out_twins_rank_1,
               trained.training.num_held_out_twins);
  }
  return 0;
}

}  // namespace finview
