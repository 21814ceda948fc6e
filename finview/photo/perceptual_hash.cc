#include "finview/photo/perceptual_hash.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr int kSide = 32;
constexpr int kFrequencies = 8;
constexpr int kMaxBits = 12;
constexpr double kMinCorrelation = 0.9;

std::uint64_t hash_of(const cv::Mat& gray) {
  cv::Mat waves;
  cv::dct(gray, waves);
  std::array<float, kFrequencies * kFrequencies - 1> low{};
  for (int i = 1; i < kFrequencies * kFrequencies; ++i) {
    low[static_cast<std::size_t>(i - 1)] = waves.at<float>(i / kFrequencies, i % kFrequencies);
  }
  auto sorted = low;
  std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
  const float median = sorted[sorted.size() / 2];
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < low.size(); ++i) {
    if (low[i] > median) hash |= std::uint64_t{1} << i;
  }
  return hash;
}

/// Correlation of two sketches; of `b` mirrored where asked for.
double correlation(const PictureSketch& a, const PictureSketch& b, bool mirrored) {
  if (!mirrored) return a.gray.dot(b.gray);
  cv::Mat turned;
  cv::flip(b.gray, turned, 1);
  return a.gray.dot(turned);
}

}  // namespace

PictureSketch sketch_picture(const cv::Mat& bgr) {
  cv::Mat small;
  cv::resize(bgr, small, {kSide, kSide}, 0, 0, cv::INTER_AREA);
  cv::cvtColor(small, small, cv::COLOR_BGR2GRAY);
  PictureSketch sketch;
  small.convertTo(sketch.gray, CV_32F);
  sketch.gray -= cv::mean(sketch.gray)[0];
  const double norm = cv::norm(sketch.gray);
  if (norm > 0) sketch.gray /= norm;
  sketch.hash = hash_of(sketch.gray);
  cv::Mat mirrored;
  cv::flip(sketch.gray, mirrored, 1);
  sketch.mirrored_hash = hash_of(mirrored);
  return sketch;
}

bool nearly_same(const PictureSketch& a, const PictureSketch& b) {
  if (std::popcount(a.hash ^ b.hash) <= kMaxBits && correlation(a, b, false) >= kMinCorrelation) {
    return true;
  }
  return std::popcount(a.hash ^ b.mirrored_hash) <= kMaxBits &&
         correlation(a, b, true) >= kMinCorrelation;
}

}  // namespace finview
