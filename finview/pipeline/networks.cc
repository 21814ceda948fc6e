#include "finview/pipeline/networks.h"

#include "finview/pipeline/project_settings.h"

namespace finview {

Networks::Networks(const ModelOptions& models)
    : embedder(with_shipped_models(models).embedder),
      edge_embedder(with_shipped_models(models).edge_network),
      masker(with_shipped_models(models).outline),
      signer(embedder, edge_embedder, masker) {}

Networks::Networks(const ModelOptions& models, const DetectorOptions& options) : Networks(models) {
  detector = std::make_unique<Detector>(detector_files(with_shipped_models(models)), options);
}

void SharedNetworks::use(const std::function<void(const Networks&)>& work) {
  const std::lock_guard lock(mutex_);
  const ModelOptions wanted = project_models(project_, {});
  if (!networks_ || wanted.embedder != loaded_embedder_) {
    networks_ = std::make_unique<Networks>(wanted, DetectorOptions());
    loaded_embedder_ = wanted.embedder;
  }
  work(*networks_);
}

}  // namespace finview
