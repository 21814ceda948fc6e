#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/evaluate_outline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr double kUsable = 0.9;

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         std::max<double>(1, static_cast<double>(values.size()));
}

/// Whether masks of a confidence are as often usable as it says.
void print_confidence(const MaskAgreement& found) {
  constexpr std::array kFrom{0.0, 0.5, 0.8, 0.95, 1.01};
  double squares = 0;
  for (std::size_t i = 0; i < found.overlaps.size(); ++i) {
    squares += std::pow(found.confidences[i] - (found.overlaps[i] >= kUsable), 2);
  }
  fmt::print("  confidence (Brier score {:.3f}):",
             squares / std::max<double>(1, static_cast<double>(found.overlaps.size())));
  for (std::size_t bin = 0; bin + 1 < kFrom.size(); ++bin) {
    std::vector<double> said;
    std::vector<double> true_share;
    for (std::size_t i = 0; i < found.overlaps.size(); ++i) {
      if (found.confidences[i] < kFrom[bin] || found.confidences[i] >= kFrom[bin + 1]) continue;
      said.push_back(found.confidences[i]);
      true_share.push_back(found.overlaps[i] >= kUsable);
    }
    fmt::print("{} {} masks say {:.2f}, {:.2f} are right",
               bin == 0 ? "" : ";",
               said.size(),
               mean_of(said),
               mean_of(true_share));
  }
  fmt::print("\n");
}

/// What the classes of quality mean for the border.
void print_quality(const MaskAgreement& found) {
  fmt::print("  quality:");
  for (const QualityClass quality :
       {QualityClass::kExcellent, QualityClass::kGood, QualityClass::kFair, QualityClass::kPoor}) {
    std::vector<double> distances;
    for (std::size_t i = 0; i < found.overlaps.size(); ++i) {
      if (quality_class(found.qualities[i]) == quality) distances.push_back(found.distances[i]);
    }
    fmt::print(" {} {}, median distance {:.4f};",
               distances.size(),
               to_string(quality),
               quantile(distances, 0.5));
  }
  fmt::print("\n");
}

void print(const MaskAgreement& found) {
  const auto count = static_cast<double>(std::max<std::size_t>(1, found.overlaps.size()));
  const double mean = mean_of(found.overlaps);
  const auto good = std::count_if(
      found.overlaps.begin(), found.overlaps.end(), [](double value) { return value >= kUsable; });
  const auto flagged = std::count_if(
      found.doubts.begin(), found.doubts.end(), [](const auto& doubt) { return !doubt.empty(); });
  fmt::print(
      "{}: {} fins, overlap mean {:.3f} median {:.3f}, at least 0.9 in {:.1f} %\n"
      "  distance of borders, share of the fin's height: median {:.4f}, 90th percentile {:.4f}\n"
      "  flagged {}; {:.0f} ms per crop on all cores together\n",
      found.set,
      found.overlaps.size(),
      mean,
      quantile(found.overlaps, 0.5),
      100 * static_cast<double>(good) / count,
      quantile(found.distances, 0.5),
      quantile(found.distances, 0.9),
      flagged,
      found.ms_per_crop);
  print_confidence(found);
  print_quality(found);
  for (std::size_t i = 0; i < found.overlaps.size(); ++i) {
    if (found.overlaps[i] >= 0.8) continue;
    fmt::print("  {:.3f}, confidence {:.2f} {}: {}\n",
               found.overlaps[i],
               found.confidences[i],
               found.doubts[i],
               found.names[i]);
  }
}

void print(const NotchAgreement& found) {
  fmt::print(
      "Notches deeper than 2 % of the fin's height, in {} masks: {} of {} found within 2 % of the\n"
      "  edge's length (recall {:.3f}); {} of {} reported ones are at a true one (precision "
      "{:.3f})\n",
      found.masks,
      found.num_found,
      found.num_true,
      static_cast<double>(found.num_found) / std::max<double>(1, found.num_true),
      found.num_right,
      found.num_reported,
      static_cast<double>(found.num_right) / std::max<double>(1, found.num_reported));
}

void print(const SideAgreement& found) {
  const auto right = std::count(found.is_right.begin(), found.is_right.end(), true);
  const double count = std::max<double>(1, static_cast<double>(found.is_right.size()));
  fmt::print("Sides, {}: {} of {} right ({:.1f} %), mean confidence {:.3f}\n",
             found.set,
             right,
             found.is_right.size(),
             100 * static_cast<double>(right) / count,
             mean_of(found.confidences));
  for (std::size_t i = 0; i < found.is_right.size(); ++i) {
    if (found.is_right[i]) continue;
    fmt::print("  wrong, confidence {:.2f}: {}\n", found.confidences[i], found.names[i]);
  }
}

}  // namespace

int run_evaluate_outline(std::span<const std::string> arguments) {
  EvaluateOutlineOptions options;
  CommandLine command(
      "evaluate outline",
      "Compares automatic masks with true ones: rendered fins, and real ones whose\n"
      "outlines a table lists. Also notches and sides. Names the fins with an overlap below\n"
      "0.8 and the sides that are wrong.",
      "finview evaluate outline --outlines data/outlines/outlines.csv --data pictures/");
  options.visit(command);
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const OutlineEvaluation evaluation = evaluate_outline(options, progress);
  for (const MaskAgreement& found : evaluation.masks) print(found);
  for (const NotchAgreement& found : evaluation.notches) print(found);
  for (const SideAgreement& found : evaluation.sides) print(found);
  return 0;
}

}  // namespace finview
