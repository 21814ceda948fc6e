#pragma once

#include "finview/training/detection_metrics.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// How well fins of one size are found.
struct SizeFigures {
  std::string name;
  std::size_t num_labels = 0;
  double ap50 = 0;
  double ap50_95 = 0;
  OperatingPoint at_confidence;
};

/// What an evaluation of a detector says, beside the photos themselves.
struct DetectorFigures {
  std::size_t num_photos = 0;
  std::size_t num_labels = 0;
  std::size_t num_fin_free = 0;        ///< photos without a label
  std::size_t num_fin_free_false = 0;  ///< false positives on those
  double ap50 = 0;                     ///< COCO AP at IoU 0.5
  double ap75 = 0;
  double ap50_95 = 0;
  double confidence = 0;               ///< of the operating point
  OperatingPoint at_confidence;        ///< IoU 0.5
  std::vector<PrecisionRecall> curve;  ///< IoU 0.5
  PrecisionRecall best;                ///< where F1 is largest
  std::vector<SizeFigures> sizes;      ///< smallest first
  DetectionIntervals intervals;
  double mean_seconds = 0;  ///< per photo, reading and decoding included

  double false_per_fin_free() const;  ///< 0 without such photos
};

/// Everything but `mean_seconds`. `groups`, `num_rounds` and `seed` are of `bootstrap_intervals`.
///
/// Sizes are COCO's for a photo of 640 px (limits 32 and 96 px: 5 and 15 % of the longer side), and
/// below them one more, up to 2 %.
DetectorFigures detector_figures(std::span<const PhotoDetections> photos,
                                 std::span<const std::string> groups,
                                 double confidence,
                                 std::size_t num_rounds,
                                 std::uint64_t seed);

std::string figures_json(const DetectorFigures& figures);

/// The same as a page; `error_sheet` is HTML of the worst errors, empty for none.
std::string figures_page(const DetectorFigures& figures, const std::string& error_sheet);

}  // namespace finview
