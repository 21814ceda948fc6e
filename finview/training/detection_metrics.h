#pragma once

#include "finview/detection/detection.h"

#include <cstddef>
#include <span>
#include <vector>

namespace finview {

/// One photo's labelled and found fins.
struct PhotoDetections {
  std::vector<Detection> labels;
  std::vector<Detection> found;
};

/// Average precision of all photos together at one IoU threshold, as COCO defines it.
///
/// Greedy matching per photo from the most confident found box down, each label once, to the free
/// label of largest IoU >= `min_iou`; precision made non-increasing; mean over the recalls 0, 0.01,
/// ..., 1. Classes are not told apart. Ties of confidence keep the order of photos and boxes.
/// 0 without labels. Lin et al. 2014, and the reference COCO evaluation.
double average_precision(std::span<const PhotoDetections> photos, double min_iou);

/// Mean of average_precision at IoU 0.50, 0.55, ..., 0.95.
double coco_average_precision(std::span<const PhotoDetections> photos);

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
                               double min_iou);

}  // namespace finview
