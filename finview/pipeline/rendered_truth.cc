#include "finview/pipeline/rendered_truth.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::internal {
namespace {

using Edge = std::vector<cv::Point2f>;

constexpr double kOnBorder = 0.012;   ///< of the fin's height: so near the ends of a mouth lie
constexpr double kOpen = 0.5;         ///< of the depth: so much at most may the fin's breadth fill
constexpr double kLeastApart = 0.01;  ///< of the edge's length

double length_of(const Edge& edge) {
  double length = 0;
  for (std::size_t i = 1; i < edge.size(); ++i) length += cv::norm(edge[i] - edge[i - 1]);
  return length;
}

/// Distance of each pixel from the border of the visible fin.
cv::Mat border_distance(const cv::Mat& mask) {
  cv::Mat border;
  cv::morphologyEx(mask, border, cv::MORPH_GRADIENT, cv::Mat::ones(3, 3, CV_8U));
  cv::Mat distance;
  cv::distanceTransform(border == 0, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
  return distance;
}

/// The part of an edge that a notch takes.
struct Mouth {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// Absent where the notch reaches an end of the edge.
std::optional<Mouth> mouth_of(const synthetic::Notch& notch, std::size_t num_points) {
  const double first = notch.position - notch.width / 2;
  const double last = notch.position + notch.width / 2;
  if (first <= 0 || last >= 1) return std::nullopt;
  const auto steps = static_cast<double>(num_points - 1);
  return Mouth{static_cast<std::size_t>(first * steps), static_cast<std::size_t>(last * steps)};
}

/// `inward` is 1 where the fin lies to the right of an edge that runs down the picture, else -1.
TrueNotch notch_in_photo(const Mouth& mouth, const Edge& edge, double inward) {
  const cv::Point2f across = edge[mouth.last] - edge[mouth.first];
  const auto length = static_cast<float>(std::max(1e-6, cv::norm(across)));
  TrueNotch found{edge[mouth.first], across / length, 0, false};
  for (std::size_t i = mouth.first; i <= mouth.last; ++i) {
    const cv::Point2f arm = edge[i] - edge[mouth.first];
    const double depth = -inward * (across.x * arm.y - across.y * arm.x) / length;
    if (depth > found.depth) {
      found.deepest = edge[i];
      found.depth = depth;
    }
  }
  return found;
}

}  // namespace

RenderedTruth rendered_truth(const synthetic::RenderedFin& fin,
                             const synthetic::Genotype& genotype,
                             const cv::Mat& mask) {
  RenderedTruth truth;
  // The head is at the left of the photo where the left flank is in view.
  truth.side = fin.pose.side == synthetic::Side::kLeft ? FinSide::kRight : FinSide::kLeft;
  truth.turned_deg = std::abs(fin.pose.yaw_rad) * 180 / CV_PI;
  const Edge edge(fin.outline.begin() + static_cast<std::ptrdiff_t>(fin.tip_index),
                  fin.outline.end());
  truth.edge_length_px = length_of(edge);
  const double height_px = std::max(1, cv::boundingRect(fin.outline).height);
  const double inward = truth.side == FinSide::kLeft ? 1 : -1;
  const cv::Mat distance = border_distance(mask);
  const auto is_within = [&](const cv::Point2f& point, double reach_px) {
    const cv::Point pixel(cvFloor(point.x), cvFloor(point.y));
    return cv::Rect({}, mask.size()).contains(pixel) && distance.at<float>(pixel) <= reach_px;
  };
  const double on_border_px = std::max(1.5, kOnBorder * height_px);
  std::vector<synthetic::Notch> cuts = genotype.notches;
  cuts.insert(cuts.end(), genotype.tatters.begin(), genotype.tatters.end());
  std::sort(cuts.begin(), cuts.end(), [](auto& a, auto& b) { return a.position < b.position; });
  for (const synthetic::Notch& cut : cuts) {
    const std::optional<Mouth> mouth = mouth_of(cut, edge.size());
    if (cut.depth <= 0 || !mouth) continue;
    TrueNotch notch = notch_in_photo(*mouth, edge, inward);
    notch.is_seen = is_within(edge[mouth->first], on_border_px) &&
                    is_within(edge[mouth->last], on_border_px) &&
                    is_within(notch.deepest, std::max(0.75, kOpen * notch.depth));
    notch.depth /= height_px;
    if (!truth.notches.empty() && cv::norm(truth.notches.back().deepest - notch.deepest) <
                                      kLeastApart * truth.edge_length_px) {
      if (notch.depth > truth.notches.back().depth) truth.notches.back() = notch;
    } else {
      truth.notches.push_back(notch);
    }
  }
  return truth;
}

}  // namespace finview::internal
