#include "finview/outline/seed_features.h"

#include "finview/outline/fourier.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

using Complex = std::complex<double>;

constexpr int kDescriptorHalf = 5;

cv::Mat whiten_background(const std::vector<cv::Mat>& bgra, const cv::Mat& inverse_alpha) {
  cv::Mat white;
  cv::threshold(inverse_alpha, white, 170, 255, cv::THRESH_BINARY);
  std::vector<cv::Mat> cleaned(3);
  for (int channel = 0; channel < 3; ++channel) cv::add(bgra[channel], white, cleaned[channel]);
  cv::Mat merged;
  cv::merge(cleaned, merged);
  return merged;
}

cv::Mat opaque_mask(const cv::Mat& inverse_alpha) {
  cv::Mat mask;
  cv::threshold(inverse_alpha, mask, 20, 255, cv::THRESH_BINARY_INV);
  const cv::Mat kernel = cv::Mat::ones(3, 3, CV_8U);
  cv::erode(mask, mask, kernel, {-1, -1}, 2);
  cv::dilate(mask, mask, kernel, {-1, -1}, 2);
  return mask;
}

std::vector<cv::Point> largest_edge_contour(const cv::Mat& mask) {
  cv::Mat edges;
  cv::Canny(mask, edges, 60, 240);
  const cv::Mat kernel = cv::Mat::ones(7, 7, CV_8U);
  cv::dilate(edges, edges, kernel);
  cv::erode(edges, edges, kernel);
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(edges, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
  if (contours.empty()) return {};
  return *std::max_element(contours.begin(), contours.end(), [](const auto& a, const auto& b) {
    return cv::contourArea(a) < cv::contourArea(b);
  });
}

/// Five coefficients either side of the middle of the shifted spectrum, shifted back. The middle of
/// an odd spectrum is rounded to the even number, which leaves its zero frequency off the middle
/// for every second odd length.
std::vector<Complex> cut_spectrum(const std::vector<Complex>& spectrum) {
  const int count = static_cast<int>(spectrum.size());
  std::vector<Complex> shifted = spectrum;
  std::rotate(shifted.begin(), shifted.begin() + (count + 1) / 2, shifted.end());
  const int center = static_cast<int>(std::nearbyint(count / 2.0));
  const int begin = std::max(0, center - kDescriptorHalf);
  const int end = std::min(count, center + kDescriptorHalf);
  std::vector<Complex> cut(shifted.begin() + begin, shifted.begin() + end);
  std::rotate(cut.begin(), cut.begin() + cut.size() / 2, cut.end());
  return cut;
}

/// The points, stretched so that the largest coordinate is the picture's size.
///
/// The original sent them through a transform and back first. Where a stretched coordinate is a
/// whole number its rounding noise decided which of two pixels was drawn; here there is none.
cv::Mat draw_points(const std::vector<cv::Point>& points, int size_px) {
  int most = 1;
  for (const cv::Point& point : points) most = std::max({most, point.x, point.y});
  const double factor = static_cast<double>(size_px) / most;
  cv::Mat picture(size_px, size_px, CV_8UC1, cv::Scalar(0));
  for (const cv::Point& point : points) {
    const cv::Point at(static_cast<int>(point.x * factor), static_cast<int>(point.y * factor));
    cv::line(picture, at, at, cv::Scalar(255), 4);
  }
  return picture;
}

}  // namespace

SeedFeatures seed_features(const cv::Mat& square_bgra) {
  std::vector<cv::Mat> channels;
  cv::split(square_bgra, channels);
  const cv::Mat inverse_alpha = 255 - channels[3];

  SeedFeatures features;
  features.cleaned = whiten_background(channels, inverse_alpha);
  features.mask = opaque_mask(inverse_alpha);
  cv::cvtColor(features.cleaned, features.enhanced, cv::COLOR_BGR2GRAY);
  cv::createCLAHE(1.5, cv::Size(8, 8))->apply(features.enhanced, features.enhanced);
  features.outline = cv::Mat::zeros(features.mask.size(), CV_8UC1);
  features.fourier = cv::Mat::zeros(features.mask.size(), CV_8UC1);

  const std::vector<cv::Point> contour = largest_edge_contour(features.mask);
  if (contour.empty()) return features;
  const std::vector<std::vector<cv::Point>> contours{contour};
  cv::drawContours(features.enhanced, contours, -1, cv::Scalar(0), 1);
  cv::drawContours(features.outline, contours, -1, cv::Scalar(255), 1);
  features.fourier = draw_points(contour, square_bgra.rows);
  features.descriptor =
      cut_spectrum(fourier_transform(std::vector<cv::Point2d>(contour.begin(), contour.end())));
  return features;
}

}  // namespace finview
