#pragma once

#include "finview/base/cancel.h"
#include "finview/base/progress.h"
#include "finview/outline/auto_mask.h"
#include "finview/outline/features.h"

#include <filesystem>
#include <string>
#include <vector>

namespace finview {

/// What `write_features` did with one file.
struct FeatureOutcome {
  std::string photo;
  int seed_status = 0;      ///< 0 done, 1 no alpha, 2 other error, 3 resize error: as the seed's
  std::string mask_source;  ///< "alpha", "background", "automatic" or "none"; empty on failure
  double mask_confidence = 0;
  std::string outcome;  ///< a sentence: how the mask was found, or why the file failed
  bool written = false;
};

/// Writes for every fin picture `<stem>_{cleaned,enhanced,mask,outline,fourier}.png` and
/// `<stem>_descriptor.npy` into `out`, and `out`/features.csv with one line per file: outcome and
/// descriptor.
///
/// Pictures show one fin each. `<stem>` is `output_stem(photo)`. A file that cannot be read is a
/// line with a reason. Throws Error{kBadOptions} listing missing paths, Error{kUnavailable} if the
/// disk is full.
std::vector<FeatureOutcome> write_features(const std::vector<std::string>& paths,
                                           bool recursive,
                                           const std::filesystem::path& out,
                                           const FeatureOptions& features,
                                           const AutoMaskOptions& mask,
                                           Progress& progress,
                                           const CancelToken& cancel);

}  // namespace finview
