#include "finview/base/files.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/train_outline.h"

#include <fmt/format.h>

namespace finview {

int run_train_outline(std::span<const std::string> arguments) {
  TrainOutlineOptions options;
  CommandLine command(
      "train outline",
      "Teaches two small networks to find a fin's mask in its crop, from rendered fins\n"
      "and outlines of real ones, and writes them as a model file.",
      "finview train outline --start mobilenet_v2.pt --outlines data/outlines/outlines.csv "
      "--data pictures/ --out mine.fvm");
  options.visit(command);
  command.require("start");
  command.require("out");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  if (!train_outline(options, progress, interrupted())) {
    fmt::print(stderr, "finview: interrupted; {} holds what was learned so far.\n", options.out);
    return 1;
  }
  fmt::print("{}: SHA-256 {}\n", options.out, sha256_hex(read_file(options.out)));
  return 0;
}

}  // namespace finview
