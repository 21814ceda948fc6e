#pragma once

#include "finview/base/options.h"

#include <cstdint>
#include <optional>

#include <opencv2/core/mat.hpp>

namespace finview {

struct AutoMaskOptions {
  std::int64_t refine_px = 512;  ///< longest side at which the border is placed
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field(
        "mask-refine-px", refine_px, "longest side at which a mask's border is placed", 224, 2048);
    visitor.field("mask-seed", seed, "seed of the mask's random numbers", 0, 1 << 30);
  }
};

/// A fin's mask that no person drew.
struct AutoMask {
  cv::Mat mask;             ///< CV_8UC1, size of the crop, 0 or 255, one region without holes
  double plausibility = 0;  ///< about 5: like a fin in every respect; below 4: doubtful
  double confidence = 0;    ///< plausibility as chance in [0, 1] that the mask is usable
};

/// Finds the one fin that a crop shows, base at the bottom.
///
/// Thresholds at 224 px and GrabCuts at 128 px (for doubtful crops at 176 px too) give candidates
/// that `MaskPlausibility` judges; the best two have their border placed again by GrabCut in a
/// narrow band, and the better one's once more at `refine_px`. Nothing is learnt from data. `bgr`:
/// CV_8UC3 of any size. Absent if a side is below 8 px, one side is more than six times the other,
/// there is no contrast, or nothing in it is like a fin. Deterministic for its seed; may be called
/// from several threads (it reseeds the calling thread's cv::theRNG). About 0.5 s on one core, up
/// to 2.5 s where contrast is low.
std::optional<AutoMask> auto_mask(const cv::Mat& bgr, const AutoMaskOptions& options = {});

}  // namespace finview
