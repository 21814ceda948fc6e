#include "finview/outline/mask_regions.h"

#include <algorithm>
#include <cmath>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr double kLeastShare = 0.01;
constexpr double kStepSmoothing = 0.7;  ///< px, against the steps of the grid
constexpr double kMostShare = 0.93;
constexpr double kLeastConfidence = 0.5;
constexpr double kLeastHeightPx = 24;
constexpr double kTouchingShare = 0.12;  ///< of the smaller one's border that touches the other
constexpr double kRivalShare = 0.5;      ///< of the fin's area
constexpr double kUpperPart = 0.5;       ///< of the fin's height
constexpr double kCutShare = 0.12;       ///< of the fin's height or width

cv::Mat filled(const cv::Mat& mask) {
  std::vector<std::vector<cv::Point>> borders;
  cv::findContours(mask, borders, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  cv::Mat result = cv::Mat::zeros(mask.size(), CV_8UC1);
  cv::drawContours(result, borders, -1, cv::Scalar(255), cv::FILLED);
  return result;
}

/// The crop ends within the upper part of the fin: at its top, or at a side.
bool is_cut(const cv::Mat& region) {
  const cv::Rect box = cv::boundingRect(region);
  const double on_top = box.y > 1 ? 0 : cv::countNonZero(region.row(0));
  if (on_top > kCutShare * box.width) return true;
  const int upper = std::max(1, static_cast<int>(kUpperPart * box.height));
  const cv::Range rows(box.y, box.y + upper);
  const int on_left = cv::countNonZero(region.col(0).rowRange(rows));
  const int on_right = cv::countNonZero(region.col(region.cols - 1).rowRange(rows));
  return std::max(on_left, on_right) > kCutShare * box.height;
}

/// Other animals' fins that lie along this one, or are as large as it.
bool has_rival(const cv::Mat& coarse_fin, const cv::Mat& others) {
  const cv::Mat own = coarse_fin > 0.5;
  const cv::Mat other = (others > 0.5) & (coarse_fin <= 0.5);
  const double own_area = cv::countNonZero(own);
  const double other_area = cv::countNonZero(other);
  if (other_area < 0.02 * own_area) return false;
  if (other_area > kRivalShare * own_area) return true;
  cv::Mat near;
  cv::dilate(own, near, cv::Mat(), {-1, -1}, 2);
  const double touching = cv::countNonZero(near & other);
  return touching > kTouchingShare * 4 * std::sqrt(std::min(own_area, other_area));
}

}  // namespace

cv::Mat fin_region_of(const cv::Mat& probability) {
  const cv::Mat likely = probability > 0.5;
  cv::Mat labels;
  const int count = cv::connectedComponents(likely, labels, 4);
  std::vector<double> mass(count);
  for (int y = 0; y < labels.rows; ++y) {
    const int* label = labels.ptr<int>(y);
    const float* value = probability.ptr<float>(y);
    for (int x = 0; x < labels.cols; ++x) mass[label[x]] += value[x];
  }
  mass[0] = 0;
  const auto best = std::max_element(mass.begin(), mass.end());
  cv::Mat region = cv::Mat::zeros(probability.size(), CV_8UC1);
  if (*best == 0) return region;
  region = filled(labels == static_cast<int>(best - mass.begin()));
  const double share = cv::countNonZero(region) / static_cast<double>(region.total());
  if (share < kLeastShare || share > kMostShare) region = cv::Scalar(0);
  return region;
}

double expected_overlap(const cv::Mat& probability, const cv::Mat& region) {
  const double inside = cv::mean(probability, region)[0] * cv::countNonZero(region);
  const double outside = cv::sum(probability)[0] - inside;
  return inside / (cv::countNonZero(region) + outside);
}

MaskDoubt doubt_about(const cv::Mat& region,
                      const cv::Mat& coarse_fin,
                      const cv::Mat& others,
                      const cv::Size& crop_size,
                      double confidence) {
  const double height_px =
      cv::boundingRect(region).height * static_cast<double>(crop_size.height) / region.rows;
  if (height_px < kLeastHeightPx) return MaskDoubt::kTooSmall;
  if (is_cut(region)) return MaskDoubt::kCutByFrame;
  if (has_rival(coarse_fin, others)) return MaskDoubt::kSeveralFins;
  return confidence < kLeastConfidence ? MaskDoubt::kUncertain : MaskDoubt::kNone;
}

void resize_region(const cv::Mat& region, const cv::Size& size, cv::Mat& cover, cv::Mat& mask) {
  cv::Mat soft;
  region.convertTo(soft, CV_32F, 1 / 255.0);
  cv::GaussianBlur(soft, soft, {}, kStepSmoothing);
  const bool shrinks = size.width < region.cols;
  cv::resize(soft, cover, size, 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  mask = fin_region_of(cover);
}

std::vector<cv::Point2f> settle_contour(const std::vector<cv::Point2f>& contour,
                                        const cv::Mat& cover) {
  const int count = static_cast<int>(contour.size());
  const auto at = [&](const cv::Point2f& point) {
    const float x = std::clamp(point.x - 0.5F, 0.0F, static_cast<float>(cover.cols - 1));
    const float y = std::clamp(point.y - 0.5F, 0.0F, static_cast<float>(cover.rows - 1));
    const int x0 = std::min(static_cast<int>(x), std::max(0, cover.cols - 2));
    const int y0 = std::min(static_cast<int>(y), std::max(0, cover.rows - 2));
    const float* upper = cover.ptr<float>(y0) + x0;
    const float* lower = cover.ptr<float>(std::min(y0 + 1, cover.rows - 1)) + x0;
    const float dx = x - static_cast<float>(x0);
    const float dy = y - static_cast<float>(y0);
    const int next = cover.cols > 1 ? 1 : 0;
    return (1 - dy) * ((1 - dx) * upper[0] + dx * upper[next]) +
           dy * ((1 - dx) * lower[0] + dx * lower[next]);
  };
  std::vector<cv::Point2f> settled;
  settled.reserve(contour.size());
  for (int i = 0; i < count; ++i) {
    const cv::Point2f& point = contour[i];
    const cv::Point2f along = contour[(i + 2) % count] - contour[(i + count - 2) % count];
    const float length = std::hypot(along.x, along.y);
    if (length < 1e-3F) {
      settled.push_back(point);
      continue;
    }
    const cv::Point2f outwards(along.y / length, -along.x / length);  // clockwise on the screen
    constexpr int kSteps = 6;
    constexpr float kStep = 0.25F;
    float best = 0;
    float nearest = 1e9F;
    float before = at(point - outwards * (kSteps * kStep));
    for (int k = -kSteps + 1; k <= kSteps; ++k) {
      const float now = at(point + outwards * (static_cast<float>(k) * kStep));
      if (before > 0.5F && now <= 0.5F) {
        const float offset =
            (static_cast<float>(k) - (0.5F - now) / (before - now + 1e-9F)) * kStep;
        if (std::abs(offset) < nearest) {
          nearest = std::abs(offset);
          best = offset;
        }
      }
      before = now;
    }
    settled.push_back(point + outwards * best);
  }
  return settled;
}

}  // namespace finview
