#include "finview/cli/print_evaluation.h"

#include "finview/pipeline/evaluation_page.h"

#include <fmt/format.h>

namespace finview {
namespace {

void print_row(const std::string& name, const WitnessesEvaluation& one) {
  const auto text = [](const Estimate& e) {
    return fmt::format("{:.3f} ({:.2f}-{:.2f})", e.value, e.low, e.high);
  };
  fmt::print("{:<26} {:<19} {:<19} {:<19} {:<19} {:>5.2f} {:>5.2f}\n",
             name,
             text(one.ranking.rank_1),
             text(one.ranking.rank_5),
             text(one.ranking.mean_average_precision),
             text(one.stranger_auroc),
             one.true_positive_1,
             one.true_positive_10);
}

void print_decisions(const char* name, const DecisionShares& shares) {
  fmt::print("{:<12} match {:5.1f} % (right {:5.1f} %), new {:5.1f} %, unsure {:5.1f} %\n",
             name,
             100 * shares.matched,
             100 * shares.matched_rightly,
             100 * shares.called_new,
             100 * (1 - shares.matched - shares.called_new));
}

}  // namespace

void print_evaluation(const std::string& name, const IdentifyEvaluation& found) {
  const WitnessesEvaluation& all = found.by_witnesses.back();
  fmt::print("{}: {} photos, {} of them ask, of {} individuals; {}\n\n",
             name,
             found.num_photos,
             all.ranking.num_queries,
             all.ranking.num_individuals,
             found.calibrated_on_catalogue ? "calibrated on the other parts of the catalogue"
                                           : "shipped calibration (fewer than 30 can ask)");
  fmt::print("{:<26} {:<19} {:<19} {:<19} {:<19} {:>11}\n",
             "witnesses",
             "rank-1",
             "rank-5",
             "mAP",
             "strangers AUROC",
             "TPIR@1/10 %");
  for (const WitnessesEvaluation& one : found.by_witnesses) print_row(names_of(one), one);
  print_row("all, encounters pooled", found.pooled);
  fmt::print("\nOutlier factors alone, AUROC: look {:.3f}, edge network {:.3f}, map {:.3f}\n",
             found.novelty.look,
             found.novelty.edge_network,
             found.novelty.look_map);
  print_decisions("known fins", found.known);
  print_decisions("strangers", found.strangers);
  fmt::print(
      "expected calibration error {:.3f} (true probabilities: {:.3f}, at most {:.3f} in 95 of "
      "100 cases); {} photos missed\n",
      found.calibration_error,
      found.calibration_chance.mean,
      found.calibration_chance.most,
      found.missed.size());
}

}  // namespace finview
