#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/train_embedder.h"

#include <fmt/format.h>

namespace finview {
namespace {

void print_metrics(const char* name, const RankingMetrics& metrics) {
  const auto text = [](const Estimate& e) {
    return fmt::format("{:.3f} ({:.3f} to {:.3f})", e.value, e.low, e.high);
  };
  fmt::print("  {:<8} rank-1 {}, rank-5 {}, mean average precision {}\n",
             name,
             text(metrics.rank_1),
             text(metrics.rank_5),
             text(metrics.mean_average_precision));
}

}  // namespace

int run_train_embedder(std::span<const std::string> arguments) {
  TrainEmbedderOptions options;
  std::vector<std::string> unlabelled;
  CommandLine command(
      "train embedder",
      "Teaches a network which fins are the same individual and writes it as a model\n"
      "file for --embedder of the other commands.",
      "finview train embedder --labelled catalogue/ --start mobilenet_v2.pt --out mine.fvm");
  options.visit(command);
  command.list("unlabelled",
               unlabelled,
               "Folder of fins of unknown individuals: crops, or photos with boxes in "
               "labels/<stem>.txt (YOLO); may be given several times");
  command.require("start");
  command.require("out");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const auto trained =
      train_embedder(options, {unlabelled.begin(), unlabelled.end()}, progress, interrupted());
  if (!trained) {
    fmt::print(stderr, "finview: interrupted.\n");
    return 1;
  }
  if (trained->held_out) {
    fmt::print("Individuals kept from training, {} photos of {} asked:\n",
               trained->held_out->trained.num_queries,
               trained->held_out->trained.num_individuals);
    print_metrics("start", trained->held_out->start);
    print_metrics("trained", trained->held_out->trained);
  }
  fmt::print("{}: from {} fins of {} individuals and {} of unknown ones, SHA-256 {}\n",
             options.out,
             trained->num_labelled_fins,
             trained->num_individuals,
             trained->num_unlabelled_fins,
             sha256_hex(read_file(options.out)));
  return 0;
}

}  // namespace finview
