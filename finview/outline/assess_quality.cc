#include "finview/outline/assess_quality.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr double kFoot = 0.85;  ///< below this share of the height the border is back or water
constexpr double kLeastContrast = 14;  ///< gray levels across the border
constexpr int kBlack = 25;
constexpr int kWhite = 245;
constexpr double kMostBlur = 0.03;
constexpr double kLeastBlur = 0.005;
constexpr double kSideWidth = 0.7;  ///< heights, of a slender fin seen from its side

/// 0 up to `low`, 1 from `high` on.
double ramp(double value, double low, double high) {
  return std::clamp((value - low) / (high - low), 0.0, 1.0);
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

cv::Vec3d color_at(const cv::Mat& bgr, const cv::Point2d& at) {
  const double x = std::clamp(at.x - 0.5, 0.0, bgr.cols - 1.0);
  const double y = std::clamp(at.y - 0.5, 0.0, bgr.rows - 1.0);
  const int x0 = static_cast<int>(x);
  const int y0 = static_cast<int>(y);
  const int x1 = std::min(x0 + 1, bgr.cols - 1);
  const int y1 = std::min(y0 + 1, bgr.rows - 1);
  const double dx = x - x0;
  const double dy = y - y0;
  const uchar* upper = bgr.ptr<uchar>(y0);
  const uchar* lower = bgr.ptr<uchar>(y1);
  cv::Vec3d color;
  for (int c = 0; c < 3; ++c) {
    color[c] = (1 - dy) * ((1 - dx) * upper[3 * x0 + c] + dx * upper[3 * x1 + c]) +
               dy * ((1 - dx) * lower[3 * x0 + c] + dx * lower[3 * x1 + c]);
  }
  return color;
}

/// A place on the fin's border and the way out of the fin.
struct BorderPlace {
  cv::Point2d at;
  cv::Point2d along;    ///< length 1
  cv::Point2d outward;  ///< length 1
};

/// Places of the border above the foot and inside the crop, about 200.
std::vector<BorderPlace> border_places(const FinOutline& outline, const cv::Rect2d& fin) {
  const std::vector<cv::Point2f>& contour = outline.contour;
  const std::size_t count = contour.size();
  const std::size_t arm = std::max<std::size_t>(2, static_cast<std::size_t>(0.01 * fin.height));
  const std::size_t step = std::max<std::size_t>(1, count / 250);
  std::vector<BorderPlace> places;
  for (std::size_t i = 0; i < count; i += step) {
    const cv::Point2d at = contour[i];
    const bool inside = at.x > 2 && at.y > 2 && at.x < outline.mask.cols - 2 &&
                        at.y < outline.mask.rows - 2 && at.y < fin.y + kFoot * fin.height;
    const cv::Point2d way = contour[(i + arm) % count] - contour[(i + count - arm) % count];
    const double length = cv::norm(way);
    if (!inside || length <= 0) continue;
    const cv::Point2d along = way / length;
    places.push_back({at, along, {along.y, -along.x}});
  }
  return places;
}

/// Deviation in pixels of the Gaussian that blurs a step to the course of colors across the border;
/// absent without contrast.
std::optional<double> blur_px(const cv::Mat& bgr, const BorderPlace& place, double reach_px) {
  constexpr double kStep = 0.5;
  const int reach = static_cast<int>(reach_px / kStep);
  std::vector<cv::Vec3d> course(static_cast<std::size_t>(2 * reach) + 1);
  for (int k = -reach; k <= reach; ++k) {
    for (int beside = -2; beside <= 2; ++beside) {
      course[k + reach] +=
          0.2 * color_at(bgr, place.at + place.outward * (k * kStep) + place.along * beside);
    }
  }
  cv::Vec3d step;  // from fin to background
  for (int k = 0; k < reach / 2; ++k) step += course[2 * reach - k] - course[k];
  step /= std::max(1, reach / 2);
  int channel = 0;
  for (int i = 1; i < 3; ++i) {
    if (std::abs(step[i]) > std::abs(step[channel])) channel = i;
  }
  const double contrast = std::abs(step[channel]);
  if (contrast < kLeastContrast) return std::nullopt;
  const double sign = step[channel] < 0 ? -1 : 1;
  double steepest = 0;  // levels per px
  for (int k = reach / 2 + 1; k <= 2 * reach - reach / 2 - 1; ++k) {
    const double rise = sign * (course[k + 1][channel] - course[k - 1][channel]) / (2 * kStep);
    steepest = std::max(steepest, rise);
  }
  if (steepest <= 0) return std::nullopt;
  return contrast / (steepest * std::sqrt(2 * CV_PI));
}

double border_blur(const cv::Mat& bgr, const std::vector<BorderPlace>& places, double height_px) {
  const double reach_px = std::clamp(0.06 * height_px, 4.0, 24.0);
  std::vector<double> blurs;
  for (const BorderPlace& place : places) {
    if (const std::optional<double> blur = blur_px(bgr, place, reach_px)) blurs.push_back(*blur);
  }
  if (blurs.size() < std::max<std::size_t>(8, places.size() / 8)) return kMostBlur;
  return median(blurs) / height_px;
}

/// White, rough water just outside of the border, as share of it.
double spray_share(const cv::Mat& bgr, const std::vector<BorderPlace>& places, double height_px) {
  int num_spray = 0;
  for (const BorderPlace& place : places) {
    cv::Vec3d mean;
    double least = 255;
    double most = 0;
    constexpr int kNumSamples = 6;
    for (int k = 1; k <= kNumSamples; ++k) {
      const cv::Vec3d color = color_at(bgr, place.at + place.outward * (0.01 * k * height_px));
      const double gray = (color[0] + color[1] + color[2]) / 3;
      mean += color / kNumSamples;
      least = std::min(least, gray);
      most = std::max(most, gray);
    }
    const auto [low, high] = std::minmax({mean[0], mean[1], mean[2]});
    if (low > 165 && high - low < 45 && most - least > 12) ++num_spray;
  }
  return places.empty() ? 0 : num_spray / static_cast<double>(places.size());
}

/// Gray level below which `share` of the histogram's pixels lie.
int percentile(const std::array<double, 256>& histogram, double share) {
  double rest = share * std::accumulate(histogram.begin(), histogram.end(), 0.0);
  int level = 0;
  while (level < 255 && rest > histogram[level]) rest -= histogram[level++];
  return level;
}

void measure_tones(const cv::Mat& bgr, const cv::Mat& mask, FinQuality& quality) {
  cv::Mat gray;
  cv::cvtColor(bgr, gray, cv::COLOR_BGR2GRAY);
  std::array<double, 256> histogram{};
  for (int y = 0; y < gray.rows; ++y) {
    for (int x = 0; x < gray.cols; ++x) {
      if (mask.at<uchar>(y, x) != 0) ++histogram[gray.at<uchar>(y, x)];
    }
  }
  const double count = std::max(1.0, std::accumulate(histogram.begin(), histogram.end(), 0.0));
  const auto share_of = [&](int from, int to) {
    return std::accumulate(histogram.begin() + from, histogram.begin() + to + 1, 0.0) / count;
  };
  const int typical = percentile(histogram, 0.5);
  quality.tonal_range = percentile(histogram, 0.95) - percentile(histogram, 0.05);
  quality.black_share = share_of(0, kBlack);
  quality.white_share = share_of(kWhite, 255);
  quality.glare_share = share_of(std::min(255, std::max(190, typical + 70)), 255);

  cv::Mat core;
  const int reach = std::max(1, static_cast<int>(0.03 * quality.height_px));
  cv::erode(mask,
            core,
            cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * reach + 1, 2 * reach + 1}),
            {-1, -1},
            1,
            cv::BORDER_CONSTANT,
            cv::Scalar(0));
  if (cv::countNonZero(core) < 50) return;
  cv::Mat fine;
  cv::Mat coarse;
  gray.convertTo(gray, CV_32F);
  const cv::Rect area = cv::boundingRect(core);
  cv::GaussianBlur(gray(area), fine, {}, std::max(0.5, 0.006 * quality.height_px));
  cv::GaussianBlur(gray(area), coarse, {}, std::max(1.0, 0.03 * quality.height_px));
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(fine - coarse, mean, deviation, core(area));
  quality.mark_contrast = deviation[0] / std::max(20.0, cv::mean(gray, core)[0]);
}

/// Width of the fin at 70 % of its height, in heights.
double relative_width(const cv::Mat& mask, const cv::Rect& fin) {
  const int row = std::min(mask.rows - 1, fin.y + static_cast<int>(0.7 * fin.height));
  return cv::countNonZero(mask.row(row)) / static_cast<double>(fin.height);
}

void grade(FinQuality& quality) {
  quality.size = ramp(std::log(quality.height_px), std::log(24), std::log(200));
  quality.sharpness = 1 - ramp(std::log(quality.blur), std::log(kLeastBlur), std::log(kMostBlur));
  quality.exposure = 0.3 + 0.7 * std::min({ramp(quality.tonal_range, 4, 20),
                                           1 - ramp(quality.black_share, 0.3, 0.95),
                                           1 - ramp(quality.white_share, 0.05, 0.4)});
  quality.glare = 1 - ramp(quality.glare_share, 0.05, 0.4);
  quality.water = 1 - ramp(quality.spray_share, 0.05, 0.5);
  quality.angle = ramp(std::cos(quality.turned_deg * CV_PI / 180), 0.3, 0.85);
  const std::array<double, 6> grades{quality.size,
                                     quality.sharpness,
                                     quality.exposure,
                                     quality.glare,
                                     quality.water,
                                     quality.angle};
  const double mean = std::accumulate(grades.begin(), grades.end(), 0.0) / grades.size();
  quality.overall = std::sqrt(*std::min_element(grades.begin(), grades.end()) * mean);
}

}  // namespace

FinQuality assess_quality(const Crop& crop, const FinOutline& outline) {
  FinQuality quality;
  if (outline.contour.empty() || crop.bgr.size() != outline.mask.size()) return quality;
  const cv::Rect fin = cv::boundingRect(outline.mask);
  quality.height_px = fin.height;  // of the crop, until everything is measured
  const std::vector<BorderPlace> places = border_places(outline, fin);
  quality.blur = std::max(border_blur(crop.bgr, places, fin.height), 1e-4);
  quality.spray_share = spray_share(crop.bgr, places, fin.height);
  measure_tones(crop.bgr, outline.mask, quality);
  quality.turned_deg =
      std::acos(std::min(1.0, relative_width(outline.mask, fin) / kSideWidth)) * 180 / CV_PI;
  quality.height_px *= crop.photo_px_per_crop_px;
  grade(quality);
  return quality;
}

}  // namespace finview
