#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/detection/detector.h"
#include "finview/pipeline/project.h"
#include "finview/training/detector_training.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace finview {

struct TeachDetectorOptions {
  std::int64_t num_steps = 1000;
  double held_out_share = 0.2;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field(
        "steps", num_steps, "Of eight pictures; about one and a half s on two cores", 1, 1'000'000);
    visitor.field("held-out-share",
                  held_out_share,
                  "Part of the photos, whole encounters or days, kept from training to measure by",
                  0.05,
                  0.5);
    visitor.field("seed", seed, "Of everything drawn", 0, 1'000'000'000);
  }
};

struct TaughtDetector {
  DetectorFiles files;  ///< in the project's models; curves beside them as .html
  std::size_t num_photos = 0;
  std::size_t num_fins = 0;
  std::size_t num_held_out = 0;  ///< of the photos
  DetectorFigures before;        ///< of the network it began with, on the photos held out
  DetectorFigures after;
  bool interrupted = false;

  bool is_better() const { return after.ap50 + after.ap75 > before.ap50 + before.ap75; }
};

/// Teaches a copy of the detector `start` where the fins of the project's photos are, and writes it
/// into the project's models as `name`.cfg and .weights; `ProjectSettings::detector` says whether
/// it is used.
///
/// It learns from photos whose every fin a person drew or decided on: what was discarded is no
/// fin.
/// Crops are left out, and photos that cannot be read, which are told to `progress`. Called again
/// with the same name, it goes on where it was interrupted. Throws Error{kBadInput} for fewer than
/// ten such photos with a fin or photos of one encounter alone, and as `train_detector`.
TaughtDetector teach_detector(Project& project,
                              const DetectorFiles& start,
                              const std::string& name,
                              const TeachDetectorOptions& options,
                              Progress& progress,
                              const CancelToken& cancel);

}  // namespace finview
