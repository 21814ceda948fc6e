#pragma once

#include "finview/base/cancel.h"
#include "finview/base/progress.h"
#include "finview/synthetic/survey_plan.h"

#include <cstdint>
#include <filesystem>

namespace finview::synthetic {

/// What render_survey wrote.
struct SurveySummary {
  std::int64_t num_photos = 0;     ///< of the survey, there now
  std::int64_t num_fins = 0;       ///< in them
  std::int64_t num_catalogue = 0;  ///< catalogue crops, there now
  std::int64_t num_kept = 0;       ///< files of an earlier run that were kept
  bool cancelled = false;          ///< some photos are missing; run again to go on
};

/// Renders a survey and its catalogue into a folder, which is made if it is not there:
///
///     photos/...jpg              with EXIF date, time and position
///     catalogue/<individual>/...jpg   fin crops of other encounters
///     truth/...json              one file per photo: what its fins are
///     truth.json                 COCO: boxes, polygons, individual, side, pose, quality
///     truth.csv                  photo,left_px,top_px,width_px,height_px,individual,side
///     catalogue.csv              file,individual,encounter,side
///     labels/...txt              YOLO boxes
///     masks/...png               with `masks`
///     synth.json                 the options
///
/// Each file appears whole or not at all. A second run keeps finished photos and renders the rest;
/// the result is the same, byte for byte, as that of one run, for any number of threads.
///
/// Throws Error{kBadOptions} (see check_synth_options), Error{kConflict} if the folder holds a
/// survey of other options, Error{kUnavailable} if it cannot be written.
SurveySummary render_survey(const SynthOptions& options,
                            const std::filesystem::path& folder,
                            Progress& progress,
                            const CancelToken& cancel);

}  // namespace finview::synthetic
