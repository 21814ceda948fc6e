#include "finview/training/detection_metrics.h"

#include "finview/training/random_draw.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace finview {
namespace {

constexpr int kNumCocoIous = 10;
constexpr double kTail = 0.025;  // of a 95 % interval, either side

double coco_iou(int step) { return 0.5 + 0.05 * step; }

std::size_t count_labels(const DetectionMatches& matches) {
  return std::accumulate(matches.num_labels.begin(), matches.num_labels.end(), std::size_t{0});
}

/// The photos of each group, groups in the order of their first photo.
std::vector<std::vector<std::size_t>> photos_of_groups(std::span<const std::string> groups) {
  std::map<std::string, std::size_t> places;
  std::vector<std::vector<std::size_t>> photos;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto [place, is_new] = places.emplace(groups[i], photos.size());
    if (is_new) photos.emplace_back();
    photos[place->second].push_back(i);
  }
  return photos;
}

Interval percentiles(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
  };
  return {at(kTail), at(1 - kTail)};
}

/// Precision, recall and F1 with each photo counted as often as its weight says.
OperatingPoint weighted_point(const DetectionMatches& matches,
                              std::span<const double> weights,
                              double min_confidence) {
  double right = 0, found = 0, labels = 0;
  for (const MatchedBox& box : matches.boxes) {
    if (box.confidence < min_confidence) break;
    found += weights[box.photo_index];
    if (box.iou) right += weights[box.photo_index];
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    labels += weights[i] * static_cast<double>(matches.num_labels[i]);
  }
  OperatingPoint point;
  if (found > 0) point.precision = right / found;
  if (labels > 0) point.recall = right / labels;
  if (found + labels > 0) point.f1 = 2 * right / (found + labels);
  return point;
}

}  // namespace

double average_precision(std::span<const PhotoDetections> photos,
                         double min_iou,
                         const FinSize& size) {
  return average_precision(match_detections(photos, min_iou, size));
}

double coco_average_precision(std::span<const PhotoDetections> photos, const FinSize& size) {
  double sum = 0;
  for (int step = 0; step < kNumCocoIous; ++step) {
    sum += average_precision(photos, coco_iou(step), size);
  }
  return sum / kNumCocoIous;
}

OperatingPoint operating_point(std::span<const PhotoDetections> photos,
                               double min_confidence,
                               double min_iou,
                               const FinSize& size) {
  OperatingPoint point;
  double iou_sum = 0;
  const DetectionMatches matches = match_detections(photos, min_iou, size);
  for (const MatchedBox& match : matches.boxes) {
    if (match.confidence < min_confidence) break;
    if (match.iou) {
      ++point.num_true_positives;
      iou_sum += *match.iou;
    } else {
      ++point.num_false_positives;
    }
  }
  const std::size_t num_labels = count_labels(matches);
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

std::vector<PrecisionRecall> precision_recall_curve(std::span<const PhotoDetections> photos,
                                                    double min_iou) {
  const DetectionMatches matches = match_detections(photos, min_iou);
  const auto num_labels = static_cast<double>(count_labels(matches));
  std::vector<PrecisionRecall> curve;
  if (num_labels <= 0) return curve;
  double right = 0;
  for (std::size_t i = 0; i < matches.boxes.size(); ++i) {
    if (matches.boxes[i].iou) right += 1;
    const bool last_of_confidence = i + 1 == matches.boxes.size() ||
                                    matches.boxes[i + 1].confidence < matches.boxes[i].confidence;
    if (!last_of_confidence) continue;
    curve.push_back(
        {matches.boxes[i].confidence, right / static_cast<double>(i + 1), right / num_labels});
  }
  return curve;
}

PrecisionRecall best_f1(std::span<const PrecisionRecall> curve) {
  PrecisionRecall best;
  for (const PrecisionRecall& point : curve) {
    if (point.f1() > best.f1()) best = point;
  }
  return best;
}

DetectionIntervals bootstrap_intervals(std::span<const PhotoDetections> photos,
                                       std::span<const std::string> groups,
                                       double min_confidence,
                                       std::size_t num_rounds,
                                       std::uint64_t seed) {
  std::vector<DetectionMatches> matches;
  for (int step = 0; step < kNumCocoIous; ++step) {
    matches.push_back(match_detections(photos, coco_iou(step)));
  }
  const auto members = photos_of_groups(groups);
  std::vector<double> ap50, ap75, ap50_95, precision, recall, f1;
  RandomDraw random(seed);
  for (std::size_t round = 0; round < num_rounds; ++round) {
    std::vector<double> weights(photos.size(), 0);
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (const std::size_t photo : members[random.index(members.size())]) weights[photo] += 1;
    }
    std::vector<double> aps;
    for (const DetectionMatches& one : matches) aps.push_back(average_precision(one, weights));
    ap50.push_back(aps[0]);
    ap75.push_back(aps[5]);
    ap50_95.push_back(std::accumulate(aps.begin(), aps.end(), 0.0) / kNumCocoIous);
    const OperatingPoint point = weighted_point(matches[0], weights, min_confidence);
    precision.push_back(point.precision);
    recall.push_back(point.recall);
    f1.push_back(point.f1);
  }
  return {members.size(),
          percentiles(ap50),
          percentiles(ap75),
          percentiles(ap50_95),
          percentiles(precision),
          percentiles(recall),
          percentiles(f1)};
}

}  // namespace finview
