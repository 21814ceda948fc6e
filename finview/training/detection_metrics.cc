#include "finview/training/detection_metrics.h"

#include "finview/detection/boxes.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace finview {
namespace {

constexpr int kNumRecalls = 101;

struct MatchedBox {
  float confidence = 0;
  std::optional<double> iou;  ///< with the label it found; empty = false positive
};

/// Found boxes of one photo, most confident first, each with the label it takes.
std::vector<MatchedBox> match_photo(const PhotoDetections& photo, double min_iou) {
  std::vector<std::size_t> order(photo.found.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return photo.found[a].confidence > photo.found[b].confidence;
  });
  std::vector<bool> taken(photo.labels.size(), false);
  std::vector<MatchedBox> matches;
  for (const std::size_t found_index : order) {
    const Detection& found = photo.found[found_index];
    MatchedBox match{found.confidence, std::nullopt};
    std::size_t best = 0;
    for (std::size_t i = 0; i < photo.labels.size(); ++i) {
      const double iou = intersection_over_union(found, photo.labels[i]);
      if (!taken[i] && iou >= min_iou && iou > match.iou.value_or(-1)) {
        match.iou = iou;
        best = i;
      }
    }
    if (match.iou) taken[best] = true;
    matches.push_back(match);
  }
  return matches;
}

std::size_t count_labels(std::span<const PhotoDetections> photos) {
  std::size_t count = 0;
  for (const PhotoDetections& photo : photos) count += photo.labels.size();
  return count;
}

}  // namespace

double average_precision(std::span<const PhotoDetections> photos, double min_iou) {
  const std::size_t num_labels = count_labels(photos);
  if (num_labels == 0) return 0;
  std::vector<MatchedBox> matches;
  for (const PhotoDetections& photo : photos) {
    const auto more = match_photo(photo, min_iou);
    matches.insert(matches.end(), more.begin(), more.end());
  }
  std::stable_sort(matches.begin(), matches.end(), [](const MatchedBox& a, const MatchedBox& b) {
    return a.confidence > b.confidence;
  });

  std::vector<double> recalls;
  std::vector<double> precisions;
  std::size_t num_right = 0;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (matches[i].iou) ++num_right;
    recalls.push_back(static_cast<double>(num_right) / static_cast<double>(num_labels));
    precisions.push_back(static_cast<double>(num_right) / static_cast<double>(i + 1));
  }
  for (std::size_t i = precisions.size(); i > 1; --i) {
    precisions[i - 2] = std::max(precisions[i - 2], precisions[i - 1]);
  }
  double sum = 0;
  for (int k = 0; k < kNumRecalls; ++k) {
    const auto at = std::lower_bound(recalls.begin(), recalls.end(), k / (kNumRecalls - 1.0));
    if (at != recalls.end()) sum += precisions[static_cast<std::size_t>(at - recalls.begin())];
  }
  return sum / kNumRecalls;
}

double coco_average_precision(std::span<const PhotoDetections> photos) {
  double sum = 0;
  for (int step = 0; step < 10; ++step) sum += average_precision(photos, 0.5 + 0.05 * step);
  return sum / 10;
}

OperatingPoint operating_point(std::span<const PhotoDetections> photos,
                               double min_confidence,
                               double min_iou) {
  OperatingPoint point;
  double iou_sum = 0;
  for (const PhotoDetections& photo : photos) {
    for (const MatchedBox& match : match_photo(photo, min_iou)) {
      if (match.confidence < min_confidence) continue;
      if (match.iou) {
        ++point.num_true_positives;
        iou_sum += *match.iou;
      } else {
        ++point.num_false_positives;
      }
    }
  }
  const std::size_t num_labels = count_labels(photos);
  const std::size_t num_found = point.num_true_positives + point.num_false_positives;
  point.num_missed = num_labels - point.num_true_positives;
  const auto right = static_cast<double>(point.num_true_positives);
  if (num_found > 0) point.precision = right / static_cast<double>(num_found);
  if (num_labels > 0) point.recall = right / static_cast<double>(num_labels);
  if (num_found + num_labels > 0)
    point.f1 = 2 * right / static_cast<double>(num_found + num_labels);
  if (right > 0) point.mean_iou = iou_sum / right;
  return point;
}

}  // namespace finview
