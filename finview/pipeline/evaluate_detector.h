#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/detection/detector.h"
#include "finview/pipeline/detector_figures.h"
#include "finview/pipeline/models.h"

#include <cstdint>
#include <string>

namespace finview {

struct EvaluateDetectorOptions {
  std::string photos;
  bool recursive = false;   ///< photos in folders below, labels in the same folders below `labels`
  std::string labels;       ///< folder of YOLO files; empty: no photo has a fin
  std::string only;         ///< text file with names; empty: all photos
  std::string table;        ///< CSV with the columns file and encounter; empty: see photo_groups
  std::string json;         ///< file to write; empty: none
  std::string html;         ///< page to write; empty: none
  std::string errors;       ///< folder for annotated photos with an error; empty: none
  double confidence = 0.5;  ///< of the operating point
  std::string tiles = "auto";
  std::int64_t num_worst = 40;     ///< errors on the page
  std::int64_t num_rounds = 1000;  ///< of the bootstrap
  std::int64_t seed = 1;           ///< of the bootstrap

  void visit(OptionVisitor& visitor);
};

/// Runs the detector over labelled photos and compares.
///
/// Average precision counts boxes from confidence 0.01 up. Photos without a label file, and those
/// whose labels or pixels cannot be read, are left out with a note. Intervals are over encounters
/// where they are known (`photo_groups`), else over photos. Throws Error{kNotFound, kBadInput,
/// kBadModel, kBadOptions}; Error{kBadInput} where nothing is left to evaluate.
DetectorFigures evaluate_detector(const EvaluateDetectorOptions& options,
                                  const ModelOptions& models,
                                  Progress& progress,
                                  const CancelToken& cancel);

}  // namespace finview
