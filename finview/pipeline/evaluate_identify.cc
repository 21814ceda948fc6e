#include "finview/pipeline/evaluate_identify.h"

#include "finview/pipeline/evaluation_page.h"

namespace finview {

IdentifyEvaluation evaluate_identify(const std::string& folder,
                                     const EvaluateIdentifyOptions& options,
                                     Progress& progress,
                                     const CancelToken& cancel) {
  const OpenCatalogue catalogue = open_catalogue(folder, options.identify, progress, cancel);
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : catalogue.index.entries) names.push_back(entry.path.string());
  const IdentifyEvaluation evaluation = evaluate_gallery(
      catalogue.index.gallery, names, options.identify.match, options.split, progress);
  write_evaluation(folder, evaluation, options.html, options.json);
  return evaluation;
}

}  // namespace finview
