#pragma once

#include "finview/base/options.h"
#include "finview/detection/detector.h"

#include <filesystem>
#include <string>

namespace finview {

/// Which networks to use.
struct ModelOptions {
  std::string detector_cfg;
  std::string detector_weights;
  std::string embedder;
  std::string outline;
  std::string edge_network;

  void visit(OptionVisitor& visitor) {
    visitor.field("detector-cfg", detector_cfg, "Darknet .cfg; empty: the one FinView ships");
    visitor.field("detector-weights", detector_weights, "Darknet .weights for that .cfg");
    visitor.field("embedder", embedder, "Embedding model (.fvm); empty: the one FinView ships");
    visitor.field("outline-model", outline, "Outline model (.fvm); empty: the one FinView ships");
    visitor.field(
        "edge-network", edge_network, "Edge network (.fvm); empty: the one FinView ships");
  }
};

/// The same with every empty field set to what FinView ships: the folder $FINVIEW_MODELS, or the
/// one known since the build.
/// Throws Error{kBadOptions} if only one of the detector's .cfg and .weights is given.
ModelOptions with_shipped_models(ModelOptions options);

/// The embedder FinView ships, if it has this network; else empty.
std::string shipped_start(const std::string& network);

DetectorFiles detector_files(const ModelOptions& models);

}  // namespace finview
