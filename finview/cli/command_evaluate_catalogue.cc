#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/evaluate_catalogue.h"

#include <fmt/format.h>

namespace finview {
namespace {

void print_row(const char* name, const RankingMetrics& metrics) {
  const auto text = [](const Estimate& e) {
    return fmt::format("{:.3f} ({:.3f} to {:.3f})", e.value, e.low, e.high);
  };
  fmt::print("  {:<12} rank-1 {}   rank-5 {}\n", name, text(metrics.rank_1), text(metrics.rank_5));
}

}  // namespace

int run_evaluate_catalogue(std::span<const std::string> arguments) {
  std::vector<std::string> folders;
  IdentifyOptions options;
  std::int64_t seed = 1;
  CommandLine command(
      "evaluate catalogue",
      "Says how well a catalogue's own photos find their individual: each asks the\n"
      "rest without its own encounter. Intervals are 95 %, over individuals.",
      "finview evaluate catalogue catalogue/");
  command.positionals("DIR", folders, "Folder with one folder of pictures for each individual");
  options.match.visit(command);
  options.catalogue.visit(command);
  options.detector.visit(command);
  options.models.visit(command);
  command.field("seed", seed, "Seed of the intervals", 0, 1 << 30);
  if (!command.parse(arguments)) return 0;
  require_paths(folders, "evaluate catalogue");

  ConsoleProgress progress;
  for (const std::string& folder : folders) {
    const CatalogueEvaluation found = evaluate_catalogue(
        folder, options, static_cast<std::uint64_t>(seed), progress, interrupted());
    fmt::print("{}: {} photos, {} of them ask, of {} individuals\n",
               folder,
               found.num_photos,
               found.all.num_queries,
               found.all.num_individuals);
    print_row("look", found.look);
    print_row("edge", found.edge);
    print_row("edge network", found.edge_network);
    print_row("all", found.all);
    fmt::print("  log loss of the true individual {:.3f}; strangers told apart, AUROC {:.3f}\n",
               found.mean_log_loss,
               found.stranger_auroc);
  }
  return 0;
}

}  // namespace finview
