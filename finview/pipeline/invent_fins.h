#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace finview {

/// How real fins are turned into individuals that do not exist.
struct InventFinsOptions {
  std::int64_t identities = 3;          ///< made from each fin
  std::int64_t photos = 4;              ///< of each of them
  std::string species = "white_shark";  ///< whose notches and scars they get
  double min_mask_confidence = .35;     ///< fins whose outline is less certain are left out
  double own_background = .4;
  double plain_background = .2;
  std::int64_t seed = 1;
  std::int64_t threads = 0;

  void visit(OptionVisitor& visitor);
};

struct InventFinsSummary {
  std::int64_t num_parents = 0;      ///< fins that were read
  std::int64_t num_left_out = 0;     ///< of them, nothing could be made of
  std::int64_t num_individuals = 0;  ///< there now
  std::int64_t num_photos = 0;       ///< there now
  std::int64_t num_kept = 0;         ///< individuals of an earlier run
  bool cancelled = false;            ///< some are missing; run again to go on
};

/// Writes invented individuals (see synthetic/invented_fin.h) made from the fins of `source`:
///
///     catalogue/<individual>/<n>.jpg
///     masks/<individual>/<n>.png
///     edges/<individual>/<n>.csv     the trailing edge from the tip down: x_px,y_px
///     truth.csv                      file,individual,parent,parent_individual
///     left_out.csv                   file,reason
///     synth.json                     the options
///
/// `source` is a table or folder as read_labelled_fins or, without labels.csv, read_unlabelled_fins
/// takes it. A fin without a usable outline is a line in left_out.csv. Each file appears whole or
/// not at all; a second run keeps finished individuals, and the result does not depend on the
/// number of threads. Throws Error{kBadOptions}, Error{kNotFound}, Error{kConflict} if the folder
/// holds something else, Error{kUnavailable} if it cannot be written.
InventFinsSummary invent_fins(const std::filesystem::path& source,
                              const InventFinsOptions& options,
                              const std::filesystem::path& out,
                              Progress& progress,
                              const CancelToken& cancel);

}  // namespace finview
