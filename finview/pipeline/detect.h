#pragma once

#include "finview/detection/detector.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/photo_batch.h"

namespace finview {

/// Finds the fins of the photos and writes what `batch` asks for.
///
/// `batch.out` gets the boxes. Throws as `run_batch` and `Detector` do.
BatchRun detect_fins(const std::vector<std::string>& paths,
                     const BatchOptions& batch,
                     const DetectorOptions& detector,
                     const ModelOptions& models,
                     Progress& progress,
                     const CancelToken& cancel);

}  // namespace finview
