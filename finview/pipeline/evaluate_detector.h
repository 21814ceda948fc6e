#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/detection/detector.h"
#include "finview/pipeline/models.h"
#include "finview/training/detection_metrics.h"

#include <string>
#include <vector>

namespace finview {

struct EvaluateDetectorOptions {
  std::string photos;
  std::string labels;       ///< folder of YOLO files; empty: no photo has a fin
  std::string only;         ///< text file with names; empty: all photos
  std::string json;         ///< file to write; empty: none
  std::string errors;       ///< folder for annotated photos with an error; empty: none
  double confidence = 0.5;  ///< of the operating point

  void visit(OptionVisitor& visitor);
};

struct DetectorEvaluation {
  std::size_t num_photos = 0;
  std::size_t num_labels = 0;
  std::size_t num_fin_free = 0;        ///< photos without a label
  std::size_t num_fin_free_false = 0;  ///< false positives on those
  double ap50 = 0;                     ///< COCO AP at IoU 0.5
  double ap75 = 0;
  double ap50_95 = 0;
  OperatingPoint at_confidence;  ///< IoU 0.5
  double mean_seconds = 0;       ///< per photo, reading and decoding included
};

/// Runs the detector over labelled photos and compares.
///
/// Average precision counts boxes from confidence 0.01 up. Photos without a label file are skipped
/// with a note. Throws Error{kNotFound, kBadInput, kBadModel, kBadOptions}; Error{kBadInput} where
/// nothing is left to evaluate.
DetectorEvaluation evaluate_detector(const EvaluateDetectorOptions& options,
                                     const ModelOptions& models,
                                     Progress& progress,
                                     const CancelToken& cancel);

}  // namespace finview
