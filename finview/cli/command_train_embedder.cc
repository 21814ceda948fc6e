#include "finview/base/files.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/cross_validate_embedder.h"
#include "finview/pipeline/models.h"

#include <fmt/format.h>

namespace finview {
namespace {

void print_training(const TrainEmbedderOptions& options, const EmbedderTrainingResult& result) {
  const std::string how = result.best_score > 0
                              ? fmt::format(
                                    "best at step {}, mean average precision on held-out "
                                    "individuals {:.3f}",
                                    result.best_step,
                                    result.best_score)
                              : "as after the last step, nobody was held out";
  fmt::print("{}: {}, SHA-256 {}\n", options.out, how, sha256_hex(read_file(options.out)));
  if (!result.curve.empty()) fmt::print("{}.html: the curves\n", options.out);
}

void print_folds(const std::vector<EmbedderFold>& folds) {
  for (const EmbedderFold& fold : folds) {
    fmt::print("{}: ", fold.model.string());
    if (!fold.last) {
      fmt::print("nobody held out could be asked\n");
      continue;
    }
    fmt::print("{} photos asked, rank-1 {:.3f}, rank-5 {:.3f}, mean average precision {:.3f}\n",
               fold.last->num_queries,
               fold.last->rank_1,
               fold.last->rank_5,
               fold.last->mean_average_precision);
  }
  const auto print_spread = [&](const char* name, double HeldOutScore::*figure) {
    const FoldSpread last = fold_spread(folds, &EmbedderFold::last, figure);
    const FoldSpread kept = fold_spread(folds, &EmbedderFold::kept, figure);
    fmt::print("{:<24} {:.3f} ± {:.3f}   kept networks {:.3f} ± {:.3f}\n",
               name,
               last.mean,
               last.deviation,
               kept.mean,
               kept.deviation);
  };
  fmt::print(
      "Individuals no network had seen, after the last step, mean ± deviation of {} folds "
      "(the kept ones were chosen by them and flatter):\n",
      folds.size());
  print_spread("rank-1", &HeldOutScore::rank_1);
  print_spread("rank-5", &HeldOutScore::rank_5);
  print_spread("mean average precision", &HeldOutScore::mean_average_precision);
}

}  // namespace

int run_train_embedder(std::span<const std::string> arguments) {
  CrossValidationOptions options;
  CommandLine command(
      "train embedder",
      "Teaches a network which fins are the same individual and writes it as a model\n"
      "file for --embedder of the other commands. With --folds: says how well networks\n"
      "taught so find individuals they have never seen.",
      "finview train embedder --pack catalogue.pack --out mine.fvm");
  options.visit(command);
  command.require("pack");
  command.require("out");
  if (!command.parse(arguments)) return 0;
  TrainEmbedderOptions& training = options.training;
  if (training.start.empty()) training.start = shipped_start(training.network);
  ConsoleProgress progress;
  if (options.num_folds == 0) {
    print_training(training, train_embedder(training, progress, interrupted()));
    return 0;
  }
  const CrossValidation found = cross_validate_embedder(options, progress, interrupted());
  if (!found.folds.empty()) print_folds(found.folds);
  if (found.interrupted) {
    fmt::print(stderr, "finview: interrupted; the same command with --resume goes on.\n");
    return 1;
  }
  fmt::print("{}.folds.json: all figures\n", options.training.out);
  return 0;
}

}  // namespace finview
