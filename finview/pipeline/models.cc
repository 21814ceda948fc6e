#include "finview/pipeline/models.h"

#include "finview/base/error.h"
#include "finview/embedding/embedder.h"

#include <cstdlib>

namespace finview {

ModelOptions with_shipped_models(ModelOptions options) {
  if (options.detector_cfg.empty() != options.detector_weights.empty()) {
    throw Error(ErrorKind::kBadOptions,
                "--detector-cfg and --detector-weights belong together; give both or neither.");
  }
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

std::string shipped_start(const std::string& network) {
  const std::string shipped = with_shipped_models({}).embedder;
  return Embedder(shipped).contract().network == network ? shipped : "";
}

DetectorFiles detector_files(const ModelOptions& models) {
  return {models.detector_cfg, models.detector_weights};
}

}  // namespace finview
