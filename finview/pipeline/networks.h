#pragma once

#include "finview/detection/detector.h"
#include "finview/embedding/edge_embedder.h"
#include "finview/embedding/embedder.h"
#include "finview/outline/fin_masker.h"
#include "finview/pipeline/fin_finder.h"
#include "finview/pipeline/fin_signer.h"
#include "finview/pipeline/models.h"

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

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

/// Networks for whoever asks now and then: loaded at the first use. Any number of threads may ask;
/// they take turns.
class SharedNetworks {
 public:
  explicit SharedNetworks(ModelOptions models) : models_(std::move(models)) {}

  /// Throws as `Networks` and `work` do.
  void use(const std::function<void(const Networks&)>& work);

 private:
  const ModelOptions models_;
  std::mutex mutex_;
  std::unique_ptr<Networks> networks_;
};

}  // namespace finview
