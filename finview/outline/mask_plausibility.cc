#include "finview/outline/mask_plausibility.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr double kJudgedHeight = 0.78;  ///< below it fin, body and water run into one another
constexpr int kRingPx = 7;
constexpr int kLightnessBins = 10;
constexpr int kHueBins = 14;
constexpr std::size_t kNumBins = std::size_t{kLightnessBins} * kHueBins * kHueBins;

int hue_bin(int value) { return std::clamp((value - 128) / 8 + kHueBins / 2, 0, kHueBins - 1); }

cv::Mat lab_bins(const cv::Mat& lab) {
  cv::Mat bins(lab.size(), CV_32SC1);
  for (int y = 0; y < lab.rows; ++y) {
    const auto* pixel = lab.ptr<cv::Vec3b>(y);
    int* bin = bins.ptr<int>(y);
    for (int x = 0; x < lab.cols; ++x) {
      const int lightness = pixel[x][0] * kLightnessBins / 256;
      bin[x] = (lightness * kHueBins + hue_bin(pixel[x][1])) * kHueBins + hue_bin(pixel[x][2]);
    }
  }
  return bins;
}

/// Gradient of Lab, 1 at its 97th percentile.
cv::Mat lab_edges(const cv::Mat& lab) {
  cv::Mat smooth;
  cv::GaussianBlur(lab, smooth, {}, 1.0);
  cv::Mat dx;
  cv::Mat dy;
  cv::Sobel(smooth, dx, CV_32F, 1, 0);
  cv::Sobel(smooth, dy, CV_32F, 0, 1);
  cv::Mat edges(lab.size(), CV_32FC1);
  for (int y = 0; y < lab.rows; ++y) {
    for (int x = 0; x < lab.cols; ++x) {
      const cv::Vec3f along = dx.at<cv::Vec3f>(y, x);
      const cv::Vec3f down = dy.at<cv::Vec3f>(y, x);
      edges.at<float>(y, x) = static_cast<float>(std::sqrt(along.dot(along) + down.dot(down)));
    }
  }
  std::vector<float> sorted(edges.begin<float>(), edges.end<float>());
  const auto strong = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() * 97 / 100);
  std::nth_element(sorted.begin(), strong, sorted.end());
  cv::Mat relative = cv::min(edges / std::max(*strong, 1.0f), 1.0);
  cv::dilate(relative, relative, cv::Mat());
  return relative;
}

cv::Mat judged_part(const cv::Mat& picture) {
  return picture.rowRange(0, std::max(1, static_cast<int>(picture.rows * kJudgedHeight)));
}

std::vector<double> histogram(const cv::Mat& bins, const cv::Mat& where) {
  std::vector<double> counts(kNumBins);
  double total = 0;
  for (int y = 0; y < where.rows; ++y) {
    for (int x = 0; x < where.cols; ++x) {
      if (where.at<uchar>(y, x) == 0) continue;
      counts[bins.at<int>(y, x)] += 1;
      total += 1;
    }
  }
  for (double& count : counts) count /= std::max(total, 1.0);
  return counts;
}

/// What a mask's rows tell.
struct Rows {
  int top = 0;              ///< first row of the mask
  double narrowing = 0;     ///< largest loss of width on the way down, over the largest width
  double several_runs = 0;  ///< share of its rows with more than one run
  double upper_sides = 0;   ///< share of the side pixels of the upper 60 % that it touches
  std::vector<cv::Point> corners;  ///< tip and both ends of its lowest row
};

Rows read_rows(const cv::Mat& mask) {
  Rows rows;
  int widest = 0;
  int num_rows = 0;
  int num_split = 0;
  int touched = 0;
  const int upper = static_cast<int>(0.6 * mask.rows);
  const int judged = judged_part(mask).rows;
  for (int y = 0; y < mask.rows; ++y) {
    const uchar* row = mask.ptr<uchar>(y);
    int left = -1;
    int right = -1;
    int runs = 0;
    for (int x = 0; x < mask.cols; ++x) {
      if (row[x] == 0) continue;
      if (left < 0) left = x;
      if (x == 0 || row[x - 1] == 0) ++runs;
      right = x;
    }
    if (left < 0) continue;
    const int width = right - left + 1;
    if (num_rows == 0) {
      rows.top = y;
      rows.corners.emplace_back((left + right) / 2, y);
      rows.corners.resize(3);
    }
    ++num_rows;
    if (y < judged) {
      widest = std::max(widest, width);
      rows.narrowing = std::max(rows.narrowing, static_cast<double>(widest - width) / widest);
      if (runs > 1) ++num_split;
    }
    if (y < upper) touched += (left == 0) + (right == mask.cols - 1);
    rows.corners[1] = {left, y};
    rows.corners[2] = {right, y};
  }
  rows.several_runs = static_cast<double>(num_split) / std::max(1, num_rows);
  rows.upper_sides = touched / std::max(1.0, 2.0 * upper);
  return rows;
}

double overlap_with_triangle(const cv::Mat& mask, const std::vector<cv::Point>& corners) {
  cv::Mat triangle = cv::Mat::zeros(mask.size(), CV_8UC1);
  cv::fillConvexPoly(triangle, corners, cv::Scalar(255));
  return static_cast<double>(cv::countNonZero(mask & triangle)) /
         std::max(1, cv::countNonZero(mask | triangle));
}

double solidity(const cv::Mat& mask) {
  std::vector<cv::Point> pixels;
  cv::findNonZero(mask, pixels);
  std::vector<cv::Point> hull;
  cv::convexHull(pixels, hull);
  return static_cast<double>(pixels.size()) / std::max(1.0, cv::contourArea(hull));
}

}  // namespace

MaskPlausibility::MaskPlausibility(const cv::Mat& bgr) {
  cv::Mat lab;
  cv::cvtColor(bgr, lab, cv::COLOR_BGR2Lab);
  color_bins_ = lab_bins(lab);
  edges_ = lab_edges(lab);
}

double MaskPlausibility::color_contrast(const cv::Mat& mask) const {
  const cv::Mat disc =
      cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * kRingPx + 1, 2 * kRingPx + 1});
  cv::Mat eroded;
  cv::Mat dilated;
  cv::erode(mask, eroded, disc);
  cv::dilate(mask, dilated, disc);
  const std::vector<double> inside = histogram(color_bins_, judged_part(mask - eroded));
  const std::vector<double> outside = histogram(color_bins_, judged_part(dilated - mask));
  double alike = 0;
  for (std::size_t i = 0; i < inside.size(); ++i) alike += std::sqrt(inside[i] * outside[i]);
  return 1 - alike;
}

double MaskPlausibility::edge_strength(const cv::Mat& mask) const {
  cv::Mat eroded;
  cv::erode(mask, eroded, cv::Mat());
  return cv::mean(judged_part(edges_), judged_part(mask - eroded))[0];
}

double MaskPlausibility::of(const cv::Mat& mask) const {
  const double share = cv::countNonZero(mask) / static_cast<double>(mask.total());
  if (share < 0.08 || share > 0.85) return -10;
  const Rows rows = read_rows(mask);
  const double top_touched = cv::countNonZero(mask.row(0)) / static_cast<double>(mask.cols);
  const double top = static_cast<double>(rows.top) / mask.rows;
  return 1.5 * color_contrast(mask) + 1.2 * edge_strength(mask) +
         1.6 * overlap_with_triangle(mask, rows.corners) - 2.5 * rows.narrowing -
         2.0 * std::min(1.0, 3 * top_touched) - 1.5 * rows.upper_sides - 0.6 * rows.several_runs +
         std::min(solidity(mask), 0.85) - 2.0 * std::max(0.0, top - 0.25);
}

}  // namespace finview
