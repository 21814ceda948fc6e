#include "finview/training/detection_matches.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace finview {
namespace {

constexpr int kNumRecalls = 101;

/// The free label that `found` takes, by the rules of `match_detections`.
std::optional<std::size_t> best_label(const Detection& found,
                                      const std::vector<Detection>& labels,
                                      const std::vector<bool>& taken,
                                      const std::vector<bool>& counts,
                                      double min_iou) {
  std::optional<std::size_t> best;
  double best_iou = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double iou = intersection_over_union(found, labels[i]);
    if (taken[i] || iou < min_iou) continue;
    const bool better =
        !best || (counts[i] && !counts[*best]) || (counts[i] == counts[*best] && iou > best_iou);
    if (!better) continue;
    best = i;
    best_iou = iou;
  }
  return best;
}

void match_photo(const PhotoDetections& photo,
                 double min_iou,
                 const FinSize& size,
                 DetectionMatches& matches) {
  const std::size_t photo_index = matches.num_labels.size();
  std::vector<bool> counts;
  for (const Detection& label : photo.labels) counts.push_back(size.fits(label, photo.longest_px));
  matches.num_labels.push_back(
      static_cast<std::size_t>(std::count(counts.begin(), counts.end(), true)));
  std::vector<std::size_t> order(photo.found.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return photo.found[a].confidence > photo.found[b].confidence;
  });
  std::vector<bool> taken(photo.labels.size(), false);
  for (const std::size_t found_index : order) {
    const Detection& found = photo.found[found_index];
    MatchedBox match{photo_index, found_index, found.confidence, std::nullopt, 0};
    if (const auto label = best_label(found, photo.labels, taken, counts, min_iou)) {
      taken[*label] = true;
      if (!counts[*label]) continue;
      match.iou = intersection_over_union(found, photo.labels[*label]);
      match.label_index = *label;
    } else if (!size.fits(found, photo.longest_px)) {
      continue;
    }
    matches.boxes.push_back(match);
  }
}

}  // namespace

bool FinSize::fits(const Detection& box, int photo_longest_px) const {
  if (min_share <= 0 && std::isinf(max_share)) return true;
  const double side_px = std::sqrt(double{box.width_px()} * box.height_px());
  const double share = side_px / photo_longest_px;
  return share >= min_share && share < max_share;
}

DetectionMatches match_detections(std::span<const PhotoDetections> photos,
                                  double min_iou,
                                  const FinSize& size) {
  DetectionMatches matches;
  for (const PhotoDetections& photo : photos) match_photo(photo, min_iou, size, matches);
  std::stable_sort(
      matches.boxes.begin(), matches.boxes.end(), [](const MatchedBox& a, const MatchedBox& b) {
        return a.confidence > b.confidence;
      });
  return matches;
}

double average_precision(const DetectionMatches& matches, std::span<const double> photo_weights) {
  const auto weight = [&](std::size_t photo) {
    return photo_weights.empty() ? 1.0 : photo_weights[photo];
  };
  double num_labels = 0;
  for (std::size_t i = 0; i < matches.num_labels.size(); ++i) {
    num_labels += weight(i) * static_cast<double>(matches.num_labels[i]);
  }
  if (num_labels <= 0) return 0;
  std::vector<double> recalls;
  std::vector<double> precisions;
  double num_right = 0;
  double num_found = 0;
  for (const MatchedBox& box : matches.boxes) {
    const double times = weight(box.photo_index);
    if (times <= 0) continue;
    num_found += times;
    if (box.iou) num_right += times;
    recalls.push_back(num_right / num_labels);
    precisions.push_back(num_right / num_found);
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

}  // namespace finview
