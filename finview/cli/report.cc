#include "finview/cli/report.h"

#include "finview/pipeline/result_tables.h"

#include <algorithm>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::size_t kMaxRows = 60;

/// The end of a long path, which is what tells photos apart.
std::string shortened(const std::string& path, std::size_t width) {
  if (path.size() <= width) return path;
  std::size_t start = path.size() - width + 3;
  while (start < path.size() && (path[start] & 0xC0) == 0x80) ++start;  // not inside a character
  return "..." + path.substr(start);
}

}  // namespace

void print_answers(const BatchRun& run, const std::string& full_table) {
  fmt::print("{:<44} {:>3}  {:<7} {:<20} {:>11} {:>7}\n",
             "photo",
             "fin",
             "answer",
             "most like",
             "probability",
             "p(new)");
  std::size_t rows = 0;
  for (const PhotoResult& result : run.results) {
    for (std::size_t i = 0; i < result.fins.size(); ++i) {
      if (++rows > kMaxRows) continue;
      const Answer& answer = result.fins[i].answer;
      const bool none = answer.candidates.empty();
      fmt::print("{:<44} {:>3}  {:<7} {:<20} {:>11} {:>7.2f}\n",
                 shortened(result.photo, 44),
                 i + 1,
                 to_string(answer.decision),
                 none ? "" : answer.candidates.front().individual,
                 none ? "" : fmt::format("{:.2f}", answer.candidates.front().probability),
                 answer.p_new);
    }
  }
  if (rows > kMaxRows) {
    fmt::print("... and {} more fins{}\n",
               rows - kMaxRows,
               full_table.empty() ? "; --out FILE.csv writes them all" : " in " + full_table);
  }
}

void print_outputs(const BatchRun& run, const BatchOptions& options) {
  std::size_t fins = 0;
  std::size_t without = 0;
  for (const PhotoResult& result : run.results) {
    fins += result.fins.size();
    without += result.error.empty() ? 0 : 1;
  }
  fmt::print("\n{} photos, {} fins, {} photos without a fin or not readable.\n",
             run.results.size(),
             fins,
             without);
  if (run.num_resumed > 0) {
    fmt::print("{} photos were finished by an earlier run.\n", run.num_resumed);
  }
  if (!options.out.empty()) fmt::print("Table:     {}\n", options.out);
  if (options.out.ends_with(".csv")) {
    fmt::print("Errors:    {}\n", errors_path(options.out).string());
  }
  if (!options.html.empty()) fmt::print("Page:      {}/index.html\n", options.html);
  if (!options.crops.empty()) fmt::print("Crops:     {}\n", options.crops);
  if (!options.annotated.empty()) fmt::print("Annotated: {}\n", options.annotated);
  if (run.interrupted) {
    fmt::print("Interrupted; run the same command again to go on.\n");
  }
}

void print_dataset_faults(const Dataset& dataset) {
  constexpr std::size_t kMaxFaults = 20;
  for (std::size_t i = 0; i < std::min(kMaxFaults, dataset.faults.size()); ++i) {
    fmt::print("{}: {}\n", dataset.faults[i].file, dataset.faults[i].reason);
  }
  if (dataset.faults.size() > kMaxFaults) {
    fmt::print("... and {} more\n", dataset.faults.size() - kMaxFaults);
  }
}

int batch_exit_code(const BatchRun& run) {
  const bool any = std::any_of(run.results.begin(),
                               run.results.end(),
                               [](const PhotoResult& result) { return result.width_px > 0; });
  return any ? 0 : 2;
}

void print_clusters(const ClusterSummary& summary) {
  fmt::print("{} fins, {} clusters, {} fins in none\n",
             summary.num_fins,
             summary.num_clusters,
             summary.num_noise);
  if (!summary.to_individuals) return;
  const Agreement& agreement = *summary.to_individuals;
  fmt::print(
      "Against the individuals of {} fins (none counts as a cluster): adjusted Rand {:.3f}, "
      "adjusted "
      "mutual information {:.3f}, V-measure {:.3f} (homogeneity {:.3f}, completeness {:.3f})\n",
      summary.num_labelled,
      agreement.adjusted_rand,
      agreement.adjusted_mutual_info,
      agreement.v_measure,
      agreement.homogeneity,
      agreement.completeness);
}

void print_new_fins(const NewFinSummary& summary) {
  fmt::print("{} new fins, {} of them in no cluster\n", summary.num_fins, summary.num_noise);
  if (summary.num_checked == 0) return;
  fmt::print("Votes: {} right of {} whose individual is among the others ({:.3f})\n",
             summary.num_right,
             summary.num_checked,
             static_cast<double>(summary.num_right) / static_cast<double>(summary.num_checked));
}

}  // namespace finview
