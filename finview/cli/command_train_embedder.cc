#include "finview/base/files.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/train_embedder.h"

#include <fmt/format.h>

namespace finview {

int run_train_embedder(std::span<const std::string> arguments) {
  TrainEmbedderOptions options;
  CommandLine command(
      "train embedder",
      "Teaches a network which fins are the same individual and writes it as a model\n"
      "file for --embedder of the other commands.",
      "finview train embedder --pack catalogue.pack --out mine.fvm");
  options.visit(command);
  command.require("pack");
  command.require("out");
  if (!command.parse(arguments)) return 0;
  ConsoleProgress progress;
  const EmbedderTrainingResult result = train_embedder(options, progress, interrupted());
  const std::string how = result.best_score > 0
                              ? fmt::format(
                                    "best at step {}, mean average precision on held-out "
                                    "individuals {:.3f}",
                                    result.best_step,
                                    result.best_score)
                              : "as after the last step, nobody was held out";
  fmt::print("{}: {}, SHA-256 {}\n", options.out, how, sha256_hex(read_file(options.out)));
  if (!result.curve.empty()) fmt::print("{}.html: the curves\n", options.out);
  return 0;
}

}  // namespace finview
