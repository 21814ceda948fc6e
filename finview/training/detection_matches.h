#pragma once

#include "finview/detection/detection.h"

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace finview {

/// One photo's labelled and found fins.
struct PhotoDetections {
  std::vector<Detection> labels;
  std::vector<Detection> found;
  int longest_px = 0;  ///< longer side of the photo; only sizes of fins need it
};

/// Fins of a size: the root of the box's area, as a share of the photo's longer side, so that it
/// does not depend on the camera's pixels.
struct FinSize {
  double min_share = 0;
  double max_share = std::numeric_limits<double>::infinity();  ///< exclusive

  bool fits(const Detection& box, int photo_longest_px) const;
};

/// A found box and what became of it.
struct MatchedBox {
  std::size_t photo_index = 0;
  std::size_t found_index = 0;  ///< in `PhotoDetections::found`
  float confidence = 0;
  std::optional<double> iou;    ///< with the label it took; empty = false positive
  std::size_t label_index = 0;  ///< that label, if it took one
};

/// All photos' found boxes, most confident first, and how many labels each photo has.
struct DetectionMatches {
  std::vector<MatchedBox> boxes;
  std::vector<std::size_t> num_labels;
};

/// Matches found boxes with labels as COCO does: per photo from the most confident found box down,
/// each label once, to the free label of largest IoU >= `min_iou`.
///
/// With a `size`, labels of other sizes do not count, nor do the boxes that find them, nor false
/// positives of other sizes; a box takes a label that counts before one that does not. Classes are
/// not told apart. Ties of confidence keep the order of photos and boxes. Lin et al. 2014, and the
/// reference COCO evaluation.
DetectionMatches match_detections(std::span<const PhotoDetections> photos,
                                  double min_iou,
                                  const FinSize& size = {});

/// Mean of the precision at the recalls 0, 0.01, ..., 1, precision made non-increasing. 0 without
/// labels.
/// @param photo_weights  how often each photo counts; empty = once.
double average_precision(const DetectionMatches& matches,
                         std::span<const double> photo_weights = {});

}  // namespace finview
