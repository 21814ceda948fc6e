#include "finview/outline/place_border.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/imgproc/detail/gcgraph.hpp>

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
      sum += factors_[k] * std::exp(-0.5 * away.dot(inverses_[k] * away));
    }
    return -std::log(std::max(sum, 1e-12));
  }

 private:
  static constexpr double kLeastVariance = 2;
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

/// The pixels of the band and how they hang together.
class Band {
 public:
  Band(const cv::Mat& bgr, const cv::Mat& band) : bgr_(bgr), index_(band.size(), CV_32SC1) {
    index_ = cv::Scalar(-1);
    for (int y = 0; y < band.rows; ++y) {
      for (int x = 0; x < band.cols; ++x) {
        if (band.at<uchar>(y, x) == 0) continue;
        index_.at<int>(y, x) = static_cast<int>(pixels_.size());
        pixels_.emplace_back(x, y);
      }
    }
    beta_ = contrast_scale();
  }

  /// The minimum cut; `mask` gives the labels outside the band, `log_odds` the preference for fin.
  cv::Mat cut(const cv::Mat& mask, const std::vector<double>& log_odds) const {
    const int count = static_cast<int>(pixels_.size());
    cv::detail::GCGraph<double> graph(count, 8 * count);
    for (int i = 0; i < count; ++i) graph.addVtx();
    for (int i = 0; i < count; ++i) {
      graph.addTermWeights(i, std::max(0.0, log_odds[i]), std::max(0.0, -log_odds[i]));
      for (const cv::Point& step : steps_) {
        join(graph, mask, i, step, true);
        join(graph, mask, i, -step, false);
      }
    }
    graph.maxFlow();
    cv::Mat result = mask.clone();
    for (int i = 0; i < count; ++i) {
      result.at<uchar>(pixels_[i]) = graph.inSourceSegment(i) ? 255 : 0;
    }
    return result;
  }

  const std::vector<cv::Point>& pixels() const { return pixels_; }

 private:
  const std::array<cv::Point, 4> steps_{{{1, 0}, {0, 1}, {1, 1}, {1, -1}}};

  double squared_difference(const cv::Point& a, const cv::Point& b) const {
    const cv::Vec3d difference =
        cv::Vec3d(bgr_.at<cv::Vec3b>(a)) - cv::Vec3d(bgr_.at<cv::Vec3b>(b));
    return difference.dot(difference);
  }

  bool holds(const cv::Point& at) const {
    return at.x >= 0 && at.y >= 0 && at.x < bgr_.cols && at.y < bgr_.rows;
  }

  double contrast_scale() const {
    double sum = 0;
    double pairs = 0;
    for (const cv::Point& pixel : pixels_) {
      for (const cv::Point& step : steps_) {
        if (!holds(pixel + step)) continue;
        sum += squared_difference(pixel, pixel + step);
        ++pairs;
      }
    }
    return sum > 0 ? pairs / (2 * sum) : 0;
  }

  /// Joins a pixel of the band with a neighbor, which may be outside and settled; pairs inside are
  /// joined once, `forward`.
  void join(cv::detail::GCGraph<double>& graph,
            const cv::Mat& mask,
            int i,
            const cv::Point& step,
            bool forward) const {
    const cv::Point neighbor = pixels_[i] + step;
    if (!holds(neighbor)) return;
    const double weight = kSmoothness / std::hypot(step.x, step.y) *
                          std::exp(-beta_ * squared_difference(pixels_[i], neighbor));
    const int j = index_.at<int>(neighbor);
    if (j >= 0) {
      if (forward) graph.addEdges(i, j, weight, weight);
    } else if (mask.at<uchar>(neighbor) != 0) {
      graph.addTermWeights(i, weight, 0);
    } else {
      graph.addTermWeights(i, 0, weight);
    }
  }

  const cv::Mat bgr_;
  cv::Mat index_;  ///< CV_32SC1, -1 outside
  std::vector<cv::Point> pixels_;
  double beta_ = 0;
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
  cv::erode(mask, core, disc(color_reach));
  cv::dilate(mask, around, disc(color_reach));
  if (cv::countNonZero(eroded) == 0) return mask;
  const Band pixels(bgr, dilated & ~eroded);
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
    placed = pixels.cut(placed, log_odds);
  }
  return placed;
}

}  // namespace finview
