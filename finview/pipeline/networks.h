#pragma once

#include "finview/detection/detector.h"
#include "finview/embedding/edge_embedder.h"
#include "finview/embedding/embedder.h"
#include "finview/outline/fin_masker.h"
#include "finview/pipeline/fin_finder.h"
#include "finview/pipeline/fin_signer.h"
#include "finview/pipeline/models.h"

#include <memory>

namespace finview {

/// The networks that find, outline and sign fins. Loading takes about a second.
struct Networks {
  /// Without a detector: every photo is a crop of one fin. Throws as the networks do.
  explicit Networks(const ModelOptions& models);
  Networks(const ModelOptions& models, const DetectorOptions& options);

  /// Searches photos, or takes them as crops.
  FinFinder finder(bool crops) const { return FinFinder(crops ? nullptr : detector.get()); }

  Embedder embedder;
  EdgeEmbedder edge_embedder;
  FinMasker masker;
  FinSigner signer;
  std::unique_ptr<Detector> detector;
};

}  // namespace finview
