#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/training/mask_trainer.h"

#include <cstdint>
#include <string>

namespace finview {

struct TrainOutlineOptions {
  std::string outlines;
  std::string data;
  std::string start;
  std::string out;
  std::int64_t num_rendered = 3000;
  std::int64_t num_calibration = 400;
  double real_share = 0.5;
  std::int64_t coarse_px = 224;
  std::int64_t fine_px = 512;
  MaskTrainerOptions trainer;

  void visit(OptionVisitor& visitor);
};

/// Teaches the mask networks from rendered fins and, where `outlines` is given, from outlines of
/// real ones, and writes them to `options.out`.
///
/// Afterwards the confidence is calibrated: masks of `num_calibration` other rendered fins say from
/// which promised overlap on masks are right (overlap of 0.9 or more). With 0 steps nothing is
/// learned and only that is done.
///
/// Of the table only rows of part "train" are used. Cancelled, it writes what it has learned so
/// far and returns false. Deterministic for one number of threads. Throws Error{kNotFound},
/// Error{kBadInput}, Error{kBadModel}.
bool train_outline(const TrainOutlineOptions& options,
                   Progress& progress,
                   const CancelToken& cancel);

}  // namespace finview
