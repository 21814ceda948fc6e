#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/pipeline/networks.h"
#include "finview/pipeline/project.h"

#include <cstdint>

namespace finview {

struct FindReport {
  std::int64_t num_photos = 0;  ///< searched now
  std::int64_t num_fins = 0;    ///< found in them
  std::int64_t num_signed = 0;  ///< other fins signed now: drawn, corrected, imported, new networks
  std::int64_t num_failed = 0;
  bool interrupted = false;
};

/// Finds the fins of the project's photos that wait for it, outlines and signs them; then signs
/// every fin that has no signature by these networks.
///
/// A photo's fins and its state are written together, so that an interrupted run is gone on with by
/// the same call. A photo that fails is told to `progress` and stays failed until it is set waiting
/// again. Throws Error{kUnavailable} where the project cannot be written.
FindReport find_project_fins(Project& project,
                             const Networks& networks,
                             Progress& progress,
                             const CancelToken& cancel);

/// The second half of it: signs every fin that has no signature by these networks.
FindReport sign_project_fins(Project& project,
                             const Networks& networks,
                             Progress& progress,
                             const CancelToken& cancel);

/// The crop of a fin as it is cut for outline and signature. Throws as `Project::read`, and
/// Error{kBadInput} if the box lies outside of the photo.
Crop crop_of(const PhotoFile& file, const PhotoRecord& photo, const FinRecord& fin);

}  // namespace finview
