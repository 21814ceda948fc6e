#pragma once

#include "finview/detection/detector.h"
#include "finview/match/answer.h"
#include "finview/pipeline/catalogue_index.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/photo_batch.h"

#include <string>
#include <vector>

namespace finview {

struct IdentifyOptions {
  BatchOptions batch;
  DetectorOptions detector;
  ModelOptions models;
  CatalogueOptions catalogue;
  MatchOptions match;
  std::string pool = "none";

  void visit(OptionVisitor& visitor) {
    match.visit(visitor);
    visitor.field("pool",
                  pool,
                  "What is answered together: nothing, or all fins of a folder, if each folder "
                  "holds photos of one animal (a burst, an encounter)",
                  {"none", "folder"});
    batch.visit(visitor);
    detector.visit(visitor);
    catalogue.visit(visitor);
    models.visit(visitor);
  }
};

/// A catalogue, the networks it was embedded with and the calibration fitted to it.
struct OpenCatalogue {
  CatalogueIndex index;
  FittedCalibration calibration;
};

/// Embeds the catalogue in `folder` (what is new of it) and calibrates it.
/// Throws as `index_catalogue`, `Detector` and `Embedder` do.
OpenCatalogue open_catalogue(const std::string& folder,
                             const IdentifyOptions& options,
                             Progress& progress,
                             const CancelToken& cancel);

struct IdentifyRun {
  BatchRun batch;
  OpenCatalogue catalogue;
};

/// Says for every fin of the photos which individual of the catalogue it shows, and writes what the
/// options ask for. Throws as `open_catalogue` and `run_batch` do.
IdentifyRun identify_fins(const std::vector<std::string>& paths,
                          const std::string& catalogue_folder,
                          const IdentifyOptions& options,
                          Progress& progress,
                          const CancelToken& cancel);

}  // namespace finview
