#include "finview/pipeline/models.h"

#include "finview/base/error.h"

#include <cstdlib>

#include <fmt/format.h>

namespace finview {

namespace {

void check_pair(const std::string& cfg, const std::string& weights, const char* name) {
  if (cfg.empty() == weights.empty()) return;
  throw Error(
      ErrorKind::kBadOptions,
      fmt::format("--{0}-cfg and --{0}-weights belong together; give both or neither.", name));
}

}  // namespace

ModelOptions with_shipped_models(ModelOptions options) {
  check_pair(options.detector_cfg, options.detector_weights, "detector");
  check_pair(options.close_up_cfg, options.close_up_weights, "close-up");
  const char* chosen = std::getenv("FINVIEW_MODELS");
  const std::filesystem::path folder = chosen != nullptr ? chosen : FINVIEW_MODELS_DIR;
  if (options.detector_cfg.empty()) {
    options.detector_cfg = folder / "fin-detector.cfg";
    options.detector_weights = folder / "fin-detector.weights";
  }
  if (options.embedder.empty()) options.embedder = folder / "fin-embedder.fvm";
  if (options.outline.empty()) options.outline = folder / "fin-outline.fvm";
  if (options.edge_network.empty()) options.edge_network = folder / "fin-edge.fvm";
  return options;
}

DetectorFiles detector_files(const ModelOptions& models) {
  return {
      models.detector_cfg, models.detector_weights, models.close_up_cfg, models.close_up_weights};
}

}  // namespace finview
