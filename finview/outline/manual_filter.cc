#include "finview/outline/manual_filter.h"

#include "finview/outline/enhance.h"
#include "finview/outline/mask_regions.h"

#include <algorithm>
#include <cmath>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr int kSidePx = 512;

cv::Mat largest_contour_filled(const cv::Mat& binary) {
  cv::Mat edges;
  cv::Canny(binary, edges, 55, 255);
  cv::morphologyEx(edges, edges, cv::MORPH_CLOSE, cv::Mat::ones(7, 7, CV_8U));
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(edges, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  cv::Mat filled = cv::Mat::zeros(binary.size(), CV_8UC1);
  const auto largest = std::max_element(contours.begin(), contours.end(), [](auto& a, auto& b) {
    return cv::contourArea(a) < cv::contourArea(b);
  });
  if (largest != contours.end()) {
    cv::drawContours(filled,
                     contours,
                     static_cast<int>(largest - contours.begin()),
                     cv::Scalar(255),
                     cv::FILLED);
  }
  return filled;
}

/// The dark, or else the light, part of a gray picture of the tool's size.
cv::Mat coherent_part(const cv::Mat& gray, bool is_light) {
  cv::Mat even;
  cv::createCLAHE(1.8, {8, 8})->apply(stretch_contrast(gray, {}, 0.02, 0.98), even);
  const cv::Mat kernel = cv::Mat::ones(3, 3, CV_8U);
  cv::Mat part;
  cv::threshold(even, part, std::floor(cv::mean(even)[0]), 255, cv::THRESH_BINARY_INV);
  cv::morphologyEx(
      part, part, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_ELLIPSE, {3, 3}));
  cv::morphologyEx(part, part, cv::MORPH_CLOSE, kernel, {-1, -1}, 2);
  part = 255 - part;
  cv::morphologyEx(part, part, cv::MORPH_OPEN, kernel, {-1, -1}, 3);
  if (!is_light) part = 255 - part;
  // A frame, as the tool had one, closes fins that end at the picture's border.
  constexpr int kFrame = 5;
  cv::copyMakeBorder(part, part, kFrame, kFrame, kFrame, kFrame, cv::BORDER_CONSTANT);
  cv::Mat fin = largest_contour_filled(part);
  cv::morphologyEx(fin, fin, cv::MORPH_OPEN, kernel);
  return fin(cv::Rect({kFrame, kFrame}, gray.size())).clone();
}

}  // namespace

cv::Mat through_curve(const cv::Mat& picture, const ToneCurve& curve) {
  cv::Mat table(1, 256, CV_8UC1);
  for (int level = 0; level < 256; ++level) {
    const double linear = std::clamp(curve.gain * level + curve.bias, 0.0, 255.0);
    table.at<uchar>(level) =
        cv::saturate_cast<uchar>(255 * std::pow(linear / 255, std::max(0.0, curve.gamma)));
  }
  cv::Mat result;
  cv::LUT(picture, table, result);
  return result;
}

FilteredFin manual_filter(const cv::Mat& bgr, const ManualFilter& settings) {
  FilteredFin filtered;
  filtered.bgr = through_curve(bgr, settings.picture);
  const double scale = static_cast<double>(kSidePx) / std::max(bgr.cols, bgr.rows);
  const cv::Size size(std::max(1, cvRound(bgr.cols * scale)),
                      std::max(1, cvRound(bgr.rows * scale)));
  cv::Mat gray;
  cv::cvtColor(through_curve(bgr, settings.mask), gray, cv::COLOR_BGR2GRAY);
  cv::resize(gray, gray, size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  const cv::Mat fin = coherent_part(gray, settings.invert);
  cv::Mat cover;
  resize_region(fin, bgr.size(), cover, filtered.mask);
  return filtered;
}

}  // namespace finview
