#include "finview/outline/place_border.h"

#include "finview/outline/min_cut.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr int kNumColors = 5;
constexpr int kNumRounds = 2;
constexpr int kMaxSamples = 2000;   ///< colors are learnt from that many pixels of a side
constexpr double kSmoothness = 50;  ///< gamma of the paper
constexpr double kTrust = 1;        ///< in the network's log-odds
constexpr double kMaxLogOdds = 6;
constexpr double kColorReach = 4;  ///< times the band, from where colors are learnt

cv::Mat disc(int radius_px) {
  return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius_px + 1, 2 * radius_px + 1});
}

cv::Mat square(int radius_px) {
  return cv::getStructuringElement(cv::MORPH_RECT, {2 * radius_px + 1, 2 * radius_px + 1});
}

/// A mixture of Gaussians of BGR colors.
class ColorMixture {
 public:
  explicit ColorMixture(const cv::Mat& samples) {  // N x 3, CV_32F, N >= kNumColors
    cv::Mat labels;
    cv::kmeans(
        samples, kNumColors, labels, {cv::TermCriteria::COUNT, 10, 0}, 1, cv::KMEANS_PP_CENTERS);
    std::array<int, kNumColors> counts{};
    std::array<cv::Matx33d, kNumColors> squares;
    squares.fill(cv::Matx33d::zeros());
    for (int i = 0; i < samples.rows; ++i) {
      const cv::Vec3d color = samples.at<cv::Vec3f>(i, 0);
      const int k = labels.at<int>(i);
      ++counts[k];
      means_[k] += color;
      squares[k] += color * color.t();
    }
    for (int k = 0; k < kNumColors; ++k) {
      if (counts[k] == 0) continue;
      means_[k] /= counts[k];
      const cv::Matx33d covariance = squares[k] * (1.0 / counts[k]) - means_[k] * means_[k].t() +
                                     cv::Matx33d::eye() * kLeastVariance;
      inverses_[k] = covariance.inv();
      factors_[k] =
          counts[k] / static_cast<double>(samples.rows) / std::sqrt(cv::determinant(covariance));
    }
  }

  /// Up to a constant.
  double minus_log_likelihood(const cv::Vec3d& color) const {
    double sum = 0;
    for (int k = 0; k < kNumColors; ++k) {
      if (factors_[k] == 0) continue;
      const cv::Vec3d away = color - means_[k];
      const double squared_distance = away.dot(inverses_[k] * away);
      if (squared_distance < kFar) sum += factors_[k] * std::exp(-0.5 * squared_distance);
    }
    return -std::log(std::max(sum, 1e-12));
  }

 private:
  static constexpr double kLeastVariance = 2;
  static constexpr double kFar = 100;  ///< from where on a Gaussian is nothing
  std::array<cv::Vec3d, kNumColors> means_{};
  std::array<cv::Matx33d, kNumColors> inverses_;
  std::array<double, kNumColors> factors_{};
};

/// Evenly picked colors of the pixels in `where`.
cv::Mat colors_in(const cv::Mat& bgr, const cv::Mat& where) {
  std::vector<cv::Point> pixels;
  cv::findNonZero(where, pixels);
  const std::size_t step = std::max<std::size_t>(1, pixels.size() / kMaxSamples);
  cv::Mat colors;
  for (std::size_t i = 0; i < pixels.size(); i += step) {
    colors.push_back(cv::Vec3f(bgr.at<cv::Vec3b>(pixels[i])));
  }
  return colors;
}

const std::array<cv::Point, 4> kSteps{{{1, 0}, {0, 1}, {1, 1}, {1, -1}}};

double squared_difference(const cv::Mat& bgr, const cv::Point& a, const cv::Point& b) {
  const cv::Vec3d difference = cv::Vec3d(bgr.at<cv::Vec3b>(a)) - cv::Vec3d(bgr.at<cv::Vec3b>(b));
  return difference.dot(difference);
}

bool holds(const cv::Mat& picture, const cv::Point& at) {
  return at.x >= 0 && at.y >= 0 && at.x < picture.cols && at.y < picture.rows;
}

/// beta of the paper, of some pixels and their neighbors.
double contrast_scale(const cv::Mat& bgr, const std::vector<cv::Point>& pixels) {
  double sum = 0;
  double pairs = 0;
  for (const cv::Point& pixel : pixels) {
    for (const cv::Point& step : kSteps) {
      if (!holds(bgr, pixel + step)) continue;
      sum += squared_difference(bgr, pixel, pixel + step);
      ++pairs;
    }
  }
  return sum > 0 ? pairs / (2 * sum) : 0;
}

/// The pixels of the band and how they hang together.
class Band {
 public:
  /// `band`: its pixels; `mask`: what the others are.
  Band(const cv::Mat& bgr, const cv::Mat& band, const cv::Mat& mask) : mask_(mask) {
    cv::findNonZero(band, pixels_);
    const double beta = contrast_scale(bgr, pixels_);
    cv::Mat index(band.size(), CV_32SC1, cv::Scalar(-1));
    for (std::size_t i = 0; i < pixels_.size(); ++i) {
      index.at<int>(pixels_[i]) = static_cast<int>(i);
    }
    std::vector<MinCut::Pair> pairs;
    pairs.reserve(4 * pixels_.size());
    log_odds_.assign(pixels_.size(), 0);
    std::vector<double> settled(pixels_.size());
    for (int i = 0; i < static_cast<int>(pixels_.size()); ++i) {
      for (const cv::Point& step : kSteps) {
        for (const int sign : {1, -1}) {
          const cv::Point neighbor = pixels_[i] + sign * step;
          const int j = holds(bgr, neighbor) ? index.at<int>(neighbor) : -1;
          const bool is_joined_there = sign < 0 && j >= 0;
          if (!holds(bgr, neighbor) || is_joined_there) continue;
          const double weight = kSmoothness / std::sqrt(step.dot(step)) *
                                std::exp(-beta * squared_difference(bgr, pixels_[i], neighbor));
          if (j >= 0) {
            pairs.push_back({i, j, static_cast<float>(weight)});
          } else {
            settled[i] += mask.at<uchar>(neighbor) != 0 ? weight : -weight;
          }
        }
      }
    }
    cut_.emplace(static_cast<int>(pixels_.size()), pairs);
    for (int i = 0; i < static_cast<int>(pixels_.size()); ++i) cut_->prefer(i, settled[i]);
  }

  /// The whole mask after the minimum cut; `log_odds` says how much each pixel prefers the fin.
  cv::Mat cut(const std::vector<double>& log_odds) {
    for (int i = 0; i < static_cast<int>(pixels_.size()); ++i) {
      cut_->prefer(i, log_odds[i] - log_odds_[i]);
    }
    log_odds_ = log_odds;
    cut_->solve();
    cv::Mat result = mask_.clone();
    for (int i = 0; i < static_cast<int>(pixels_.size()); ++i) {
      result.at<uchar>(pixels_[i]) = cut_->is_first(i) ? 255 : 0;
    }
    return result;
  }

  const std::vector<cv::Point>& pixels() const { return pixels_; }

 private:
  const cv::Mat mask_;
  std::vector<cv::Point> pixels_;
  std::vector<double> log_odds_;  ///< that the cut knows already
  std::optional<MinCut> cut_;
};

double log_odds_of(float probability) {
  const double p = std::clamp(static_cast<double>(probability), 1e-4, 1 - 1e-4);
  return std::clamp(std::log(p / (1 - p)), -kMaxLogOdds, kMaxLogOdds);
}

}  // namespace

cv::Mat place_border(const cv::Mat& bgr,
                     const cv::Mat& probability,
                     const cv::Mat& mask,
                     double band) {
  const int reach = std::max(2, cvRound(band * std::max(bgr.cols, bgr.rows)));
  const int color_reach = cvRound(kColorReach * reach);
  cv::Mat eroded;
  cv::Mat dilated;
  cv::Mat core;
  cv::Mat around;
  cv::erode(mask, eroded, disc(reach));
  cv::dilate(mask, dilated, disc(reach));
  cv::erode(mask, core, square(color_reach));
  cv::dilate(mask, around, square(color_reach));
  if (cv::countNonZero(eroded) == 0) return mask;
  Band pixels(bgr, dilated & ~eroded, mask);
  cv::setRNGSeed(1);
  cv::Mat placed = mask;
  for (int round = 0; round < kNumRounds; ++round) {
    const cv::Mat inside = colors_in(bgr, placed & ~core);
    const cv::Mat outside = colors_in(bgr, around & ~placed);
    if (inside.rows < 2 * kNumColors || outside.rows < 2 * kNumColors) return placed;
    const ColorMixture fin(inside);
    const ColorMixture sea(outside);
    std::vector<double> log_odds;
    log_odds.reserve(pixels.pixels().size());
    for (const cv::Point& pixel : pixels.pixels()) {
      const cv::Vec3d color = bgr.at<cv::Vec3b>(pixel);
      log_odds.push_back(sea.minus_log_likelihood(color) - fin.minus_log_likelihood(color) +
                         kTrust * log_odds_of(probability.at<float>(pixel)));
    }
    placed = pixels.cut(log_odds);
  }
  return placed;
}

}  // namespace finview
