#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/evaluate_detector.h"

#include <fmt/format.h>

namespace finview {

int run_evaluate_detector(std::span<const std::string> arguments) {
  EvaluateDetectorOptions options;
  ModelOptions models;
  CommandLine command("evaluate detector",
                      "Compares a detector's boxes with labels.",
                      "finview evaluate detector --photos survey/ --labels survey/labels/");
  options.visit(command);
  models.visit(command);
  command.require("photos");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const DetectorEvaluation result = evaluate_detector(options, models, progress, interrupted());
  const OperatingPoint& point = result.at_confidence;
  fmt::print("{} photos, {} fins\n", result.num_photos, result.num_labels);
  if (result.num_labels > 0) {
    fmt::print("AP@0.5 {:.3f}, AP@0.75 {:.3f}, AP@[.5:.95] {:.3f}\n",
               result.ap50,
               result.ap75,
               result.ap50_95);
    fmt::print(
        "at confidence {:.2f}: precision {:.3f}, recall {:.3f}, F1 {:.3f}, mean IoU {:.3f} "
        "({} right, {} wrong, {} missed)\n",
        options.confidence,
        point.precision,
        point.recall,
        point.f1,
        point.mean_iou,
        point.num_true_positives,
        point.num_false_positives,
        point.num_missed);
  }
  if (result.num_fin_free > 0) {
    fmt::print(
        "{} photos without a fin: {} false positives, {:.3f} per photo\n",
        result.num_fin_free,
        result.num_fin_free_false,
        static_cast<double>(result.num_fin_free_false) / static_cast<double>(result.num_fin_free));
  }
  fmt::print("{:.3f} s per photo\n", result.mean_seconds);
  return interrupted().cancelled() ? 130 : 0;
}

}  // namespace finview
