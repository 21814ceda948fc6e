#include "finview/outline/contour.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr double kSmoothingPx = 1.2;

/// Circular Gaussian along the points, which are 1 px apart.
std::vector<cv::Point2f> smooth_closed(const std::vector<cv::Point2f>& points, double sigma) {
  const int count = static_cast<int>(points.size());
  const int reach = static_cast<int>(std::ceil(3 * sigma));
  std::vector<double> weights(2 * reach + 1);
  double sum = 0;
  for (int k = -reach; k <= reach; ++k) {
    sum += weights[k + reach] = std::exp(-0.5 * k * k / (sigma * sigma));
  }
  std::vector<cv::Point2f> smooth(points.size());
  for (int i = 0; i < count; ++i) {
    cv::Point2d mean;
    for (int k = -reach; k <= reach; ++k) {
      const int neighbor = ((i + k) % count + count) % count;
      mean += cv::Point2d(points[neighbor]) * (weights[k + reach] / sum);
    }
    smooth[i] = mean;
  }
  return smooth;
}

/// Moves every point to the left of its direction of travel on the screen: outwards, as the chain
/// is clockwise there.
std::vector<cv::Point2f> grow(const std::vector<cv::Point2f>& points, float distance_px) {
  const std::size_t count = points.size();
  std::vector<cv::Point2f> grown(count);
  for (std::size_t i = 0; i < count; ++i) {
    const cv::Point2f along = points[(i + 1) % count] - points[(i + count - 1) % count];
    const float length = std::hypot(along.x, along.y);
    const cv::Point2f outwards =
        length > 0 ? cv::Point2f(along.y, -along.x) / length : cv::Point2f();
    grown[i] = points[i] + outwards * distance_px;
  }
  return grown;
}

std::vector<cv::Point> largest_border(const cv::Mat& mask) {
  std::vector<std::vector<cv::Point>> borders;
  cv::findContours(mask, borders, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  if (borders.empty()) return {};
  return *std::max_element(borders.begin(), borders.end(), [](const auto& a, const auto& b) {
    return cv::contourArea(a) < cv::contourArea(b);
  });
}

}  // namespace

std::vector<cv::Point2f> trace_contour(const cv::Mat& mask) {
  const std::vector<cv::Point> border = largest_border(mask);
  if (border.size() < 3) return {};
  std::vector<cv::Point2f> centers(border.begin(), border.end());
  if (cv::contourArea(border, true) < 0) std::reverse(centers.begin(), centers.end());
  for (cv::Point2f& point : centers) point += cv::Point2f(0.5f, 0.5f);

  const auto one_px_apart = [](const std::vector<cv::Point2f>& polygon) {
    return resample_closed(polygon, std::max(3, static_cast<int>(std::lround(perimeter(polygon)))));
  };
  return one_px_apart(grow(smooth_closed(one_px_apart(centers), kSmoothingPx), 0.5f));
}

std::vector<cv::Point2f> resample_closed(const std::vector<cv::Point2f>& polygon, int count) {
  const double length = perimeter(polygon);
  if (polygon.size() < 2 || !(length > 0)) return {};
  std::vector<cv::Point2f> points;
  points.reserve(count);
  std::size_t corner = 0;
  double passed = 0;
  for (int i = 0; i < count; ++i) {
    const double target = length * i / count;
    cv::Point2f from = polygon[corner];
    cv::Point2f to = polygon[(corner + 1) % polygon.size()];
    double step = std::hypot(to.x - from.x, to.y - from.y);
    while (passed + step < target && corner + 1 < polygon.size()) {
      passed += step;
      ++corner;
      from = to;
      to = polygon[(corner + 1) % polygon.size()];
      step = std::hypot(to.x - from.x, to.y - from.y);
    }
    const double share = step > 0 ? std::clamp((target - passed) / step, 0.0, 1.0) : 0.0;
    points.push_back(from + (to - from) * static_cast<float>(share));
  }
  return points;
}

cv::Mat fill_polygon(const std::vector<cv::Point2f>& polygon, const cv::Size& size) {
  std::vector<std::vector<double>> crossings(static_cast<std::size_t>(size.height));
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const cv::Point2d a = polygon[i];
    const cv::Point2d b = polygon[(i + 1) % polygon.size()];
    const auto [low, high] = std::minmax(a.y, b.y);
    const int first = std::max(0, static_cast<int>(std::ceil(low - 0.5)));
    for (int row = first; row < size.height && row + 0.5 < high; ++row) {
      crossings[row].push_back(a.x + (b.x - a.x) * (row + 0.5 - a.y) / (b.y - a.y));
    }
  }
  cv::Mat mask = cv::Mat::zeros(size, CV_8UC1);
  for (int row = 0; row < size.height; ++row) {
    std::vector<double>& x = crossings[row];
    std::sort(x.begin(), x.end());
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
      const int from = std::clamp(static_cast<int>(std::ceil(x[i] - 0.5)), 0, size.width);
      const int to = std::clamp(static_cast<int>(std::ceil(x[i + 1] - 0.5)), from, size.width);
      mask.row(row).colRange(from, to) = cv::Scalar(255);
    }
  }
  return mask;
}

double perimeter(const std::vector<cv::Point2f>& polygon) {
  double length = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const cv::Point2f step = polygon[(i + 1) % polygon.size()] - polygon[i];
    length += std::hypot(step.x, step.y);
  }
  return length;
}

}  // namespace finview
