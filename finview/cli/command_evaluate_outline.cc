#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/evaluate_outline.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace finview {
namespace {

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void print(const MaskAgreement& found) {
  const auto count = static_cast<double>(std::max<std::size_t>(1, found.overlaps.size()));
  const double mean = std::accumulate(found.overlaps.begin(), found.overlaps.end(), 0.0) / count;
  const auto good = std::count_if(
      found.overlaps.begin(), found.overlaps.end(), [](double value) { return value >= 0.9; });
  const auto flagged = std::count_if(
      found.doubts.begin(), found.doubts.end(), [](const auto& doubt) { return !doubt.empty(); });
  fmt::print(
      "{}: {} fins, overlap mean {:.3f} median {:.3f}, at least 0.9 in {:.1f} %\n"
      "  distance of borders, share of the fin's height: median {:.4f}, 90th percentile {:.4f}\n"
      "  flagged {}; {:.0f} ms per crop on one core\n",
      found.set,
      found.overlaps.size(),
      mean,
      quantile(found.overlaps, 0.5),
      100 * static_cast<double>(good) / count,
      quantile(found.distances, 0.5),
      quantile(found.distances, 0.9),
      flagged,
      found.ms_per_crop);
  for (std::size_t i = 0; i < found.overlaps.size(); ++i) {
    if (found.overlaps[i] >= 0.8) continue;
    fmt::print("  {:.3f}, confidence {:.2f} {}: {}\n",
               found.overlaps[i],
               found.confidences[i],
               found.doubts[i],
               found.names[i]);
  }
}

}  // namespace

int run_evaluate_outline(std::span<const std::string> arguments) {
  EvaluateOutlineOptions options;
  CommandLine command(
      "evaluate outline",
      "Compares automatic masks with true ones: rendered fins, and real ones whose\n"
      "outlines a table lists. Names the fins with an overlap below 0.8.",
      "finview evaluate outline --outlines data/outlines/outlines.csv --data pictures/");
  options.visit(command);
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  for (const MaskAgreement& found : evaluate_outline(options, progress)) print(found);
  return 0;
}

}  // namespace finview
