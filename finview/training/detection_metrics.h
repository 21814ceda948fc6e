#pragma once

#include "finview/training/detection_matches.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// Average precision of all photos together at one IoU threshold, as COCO defines it.
double average_precision(std::span<const PhotoDetections> photos,
                         double min_iou,
                         const FinSize& size = {});

/// Mean of average_precision at IoU 0.50, 0.55, ..., 0.95.
double coco_average_precision(std::span<const PhotoDetections> photos, const FinSize& size = {});

/// What a user sees who accepts every box of at least a given confidence.
struct OperatingPoint {
  std::size_t num_true_positives = 0;
  std::size_t num_false_positives = 0;
  std::size_t num_missed = 0;
  double precision = 0;  ///< 0 where nothing was found
  double recall = 0;     ///< 0 where nothing is labelled
  double f1 = 0;
  double mean_iou = 0;  ///< over true positives
};

/// Counts at `min_confidence`, matched as in average_precision.
OperatingPoint operating_point(std::span<const PhotoDetections> photos,
                               double min_confidence,
                               double min_iou,
                               const FinSize& size = {});

/// Precision and recall where every box of at least `confidence` is accepted.
struct PrecisionRecall {
  double confidence = 0;
  double precision = 0;
  double recall = 0;

  double f1() const {
    return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
  }
};

/// One point for every confidence at which a box was found, from the highest down. Empty without
/// labels.
std::vector<PrecisionRecall> precision_recall_curve(std::span<const PhotoDetections> photos,
                                                    double min_iou);

/// The point of largest F1, the most confident of equal ones; all 0 for an empty curve.
PrecisionRecall best_f1(std::span<const PrecisionRecall> curve);

struct Interval {
  double low = 0;
  double high = 0;
};

/// Where figures would lie for other photos of the same kind.
struct DetectionIntervals {
  std::size_t num_groups = 0;
  Interval ap50, ap75, ap50_95, precision, recall, f1;
};

/// 95 % intervals by the bootstrap (Efron 1979, percentiles): groups of photos are drawn with
/// replacement, as many as there are, `num_rounds` times.
///
/// Photos of one group are not independent, so whole groups are drawn. With fewer than about ten
/// groups the intervals are too narrow. The same for one seed.
/// @param groups  one text per photo; equal texts are one group
DetectionIntervals bootstrap_intervals(std::span<const PhotoDetections> photos,
                                       std::span<const std::string> groups,
                                       double min_confidence,
                                       std::size_t num_rounds,
                                       std::uint64_t seed);

}  // namespace finview
