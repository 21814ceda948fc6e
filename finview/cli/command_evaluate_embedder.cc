#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/evaluate_embedder.h"

#include <fmt/format.h>

namespace finview {
namespace {

void print_estimate(const char* name, const Estimate& estimate) {
  fmt::print(
      "{:<24} {:.3f}  ({:.3f} to {:.3f})\n", name, estimate.value, estimate.low, estimate.high);
}

/// "rank-1 by photo quality: excellent 0.950 of 20, good 0.800 of 35".
void print_qualities(const std::vector<QualityScore>& scores) {
  std::string text;
  for (const QualityScore& score : scores) {
    if (score.num_queries == 0) continue;
    text += fmt::format("{}{} {:.3f} of {}",
                        text.empty() ? "" : ", ",
                        to_string(score.quality),
                        score.rank_1,
                        score.num_queries);
  }
  if (!text.empty()) fmt::print("rank-1 by photo quality: {}\n", text);
}

}  // namespace

int run_evaluate_embedder(std::span<const std::string> arguments) {
  EvaluateEmbedderOptions options;
  CommandLine command(
      "evaluate embedder",
      "Says how well one witness alone finds the individuals of a catalogue: each\n"
      "photo asks all the others, those of its own encounter left out. In brackets:\n"
      "95 % interval, individuals drawn with replacement.",
      "finview evaluate embedder --catalogue catalogue/ --embedder mine.fvm");
  options.visit(command);
  command.require("catalogue");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const auto evaluation = evaluate_embedder(options, progress, interrupted());
  if (!evaluation) {
    fmt::print(stderr, "finview: interrupted.\n");
    return 1;
  }
  const IdentificationReport& report = evaluation->report;
  const RankingMetrics& metrics = report.closed;
  fmt::print("{} fins, {} of them strangers; {} photos of {} individuals asked\n",
             report.num_entries,
             report.num_strangers,
             metrics.num_queries,
             metrics.num_individuals);
  if (options.include_own_group) {
    fmt::print("LEAKS: photos of one encounter may find each other (--include-own-group).\n");
  }
  print_estimate("rank-1", metrics.rank_1);
  print_estimate("rank-5", metrics.rank_5);
  print_estimate("rank-10", metrics.rank_10);
  print_estimate("mean average precision", metrics.mean_average_precision);
  print_estimate("mean reciprocal rank", metrics.mean_reciprocal_rank);
  print_estimate("open-set AUROC", report.open_auroc);
  fmt::print("rank-1 mean over individuals {:.3f}; by vote of {} photos {:.3f}\n",
             report.rank_1_by_individual,
             report.vote_k,
             report.vote_rank_1);
  print_qualities(evaluation->by_quality);
  if (!options.out.empty()) fmt::print("{}/index.html: the whole report\n", options.out);
  return 0;
}

}  // namespace finview
