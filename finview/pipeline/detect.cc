#include "finview/pipeline/detect.h"

#include "finview/pipeline/html_report.h"
#include "finview/pipeline/result_tables.h"

#include <fmt/format.h>

namespace finview {

BatchRun detect_fins(const std::vector<std::string>& paths,
                     const BatchOptions& batch,
                     const DetectorOptions& detector_options,
                     const ModelOptions& model_options,
                     Progress& progress,
                     const CancelToken& cancel) {
  check_batch(paths, batch);
  const ModelOptions models = with_shipped_models(model_options);
  const Detector detector(detector_files(models), detector_options);
  const FinFinder finder(&detector);
  const std::string settings = fmt::format("detect {} {} {} {}",
                                           detector.model_id(),
                                           detector_options.min_confidence,
                                           detector_options.nms_iou,
                                           detector_options.tiles);
  const AnswerFins no_answers = [](const FoundFins&, PhotoResult&) {};
  BatchRun run = run_batch(paths, batch, settings, finder, no_answers, progress, cancel);
  if (!batch.out.empty()) write_results(batch.out, run.results, /*with_matches=*/false);
  if (!batch.html.empty()) write_html_report(batch.html, run.results, nullptr);
  if (!run.interrupted) forget_journal(batch);
  return run;
}

}  // namespace finview
