#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/evaluate_detector.h"

#include <fmt/format.h>

namespace finview {

namespace {

std::string with_interval(double value, const Interval& interval) {
  return fmt::format("{:.3f} ({:.3f} to {:.3f})", value, interval.low, interval.high);
}

void print_precision(const DetectorFigures& figures) {
  const OperatingPoint& point = figures.at_confidence;
  const DetectionIntervals& spread = figures.intervals;
  fmt::print("AP@0.5 {}, AP@0.75 {}, AP@[.5:.95] {}\n",
             with_interval(figures.ap50, spread.ap50),
             with_interval(figures.ap75, spread.ap75),
             with_interval(figures.ap50_95, spread.ap50_95));
  fmt::print(
      "at confidence {:.2f}: precision {}, recall {}, F1 {}, mean IoU {:.3f} "
      "({} right, {} wrong, {} missed)\n",
      figures.confidence,
      with_interval(point.precision, spread.precision),
      with_interval(point.recall, spread.recall),
      with_interval(point.f1, spread.f1),
      point.mean_iou,
      point.num_true_positives,
      point.num_false_positives,
      point.num_missed);
  fmt::print("largest F1 {:.3f} at confidence {:.2f}: precision {:.3f}, recall {:.3f}\n",
             figures.best.f1(),
             figures.best.confidence,
             figures.best.precision,
             figures.best.recall);
  for (const SizeFigures& size : figures.sizes) {
    if (size.num_labels == 0) continue;
    fmt::print("{:<30} {:>5} fins, AP@0.5 {:.3f}, AP@[.5:.95] {:.3f}, recall {:.3f}\n",
               size.name,
               size.num_labels,
               size.ap50,
               size.ap50_95,
               size.at_confidence.recall);
  }
  fmt::print("in brackets: 95 % intervals over {} encounters or photos\n", spread.num_groups);
}

}  // namespace

int run_evaluate_detector(std::span<const std::string> arguments) {
  EvaluateDetectorOptions options;
  ModelOptions models;
  CommandLine command("evaluate detector",
                      "Compares a detector's boxes with labels.",
                      "finview evaluate detector --photos survey/ --labels survey/labels/ --html "
                      "detector.html");
  options.visit(command);
  models.visit(command);
  command.require("photos");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const DetectorFigures result = evaluate_detector(options, models, progress, interrupted());
  fmt::print("{} photos, {} fins\n", result.num_photos, result.num_labels);
  if (result.num_labels > 0) print_precision(result);
  if (result.num_fin_free > 0) {
    fmt::print("{} photos without a fin: {} false positives, {:.3f} per photo\n",
               result.num_fin_free,
               result.num_fin_free_false,
               result.false_per_fin_free());
  }
  fmt::print("{:.3f} s per photo\n", result.mean_seconds);
  return interrupted().cancelled() ? 130 : 0;
}

}  // namespace finview
