#pragma once

#include "finview/detection/detector.h"
#include "finview/embedding/edge_embedder.h"
#include "finview/embedding/embedder.h"
#include "finview/outline/fin_masker.h"
#include "finview/pipeline/fin_finder.h"
#include "finview/pipeline/fin_signer.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/project.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>

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

/// The networks of a project's settings for whoever asks now and then: loaded at the first use, and
/// again when the settings name others. Any number of threads may ask; they take turns.
class SharedNetworks {
 public:
  /// The project must outlive this.
  explicit SharedNetworks(const Project& project) : project_(project) {}

  /// Throws as `Networks` and `work` do.
  void use(const std::function<void(const Networks&)>& work);

 private:
  const Project& project_;
  std::mutex mutex_;
  std::unique_ptr<Networks> networks_;
  std::string loaded_embedder_;
};

}  // namespace finview
