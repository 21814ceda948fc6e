#include "finview/outline/fourier.h"

#include "finview/outline/contour.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

using Complex = std::complex<double>;

constexpr int kNumSteps = 256;

/// Index of c[k] in the output order, k != 0.
std::size_t place(int k, int num_harmonics) { return k > 0 ? k - 1 : num_harmonics - k - 1; }

/// Calls `visit(k)` for every k of the descriptor: 1..num_harmonics, -1..-num_harmonics.
template <class Visit>
void for_each_order(int num_harmonics, const Visit& visit) {
  for (int k = 1; k <= num_harmonics; ++k) {
    visit(k);
    visit(-k);
  }
}

/// Turns c[1] and c[-1] to the positive real axis and scales c[1] to 1.
void normalize(std::vector<Complex>& c, int num_harmonics) {
  const double scale = std::abs(c[place(1, num_harmonics)]);
  const double phase_ahead = std::arg(c[place(1, num_harmonics)]);
  const double phase_back = std::abs(c[place(-1, num_harmonics)]) > 1e-9 * scale
                                ? std::arg(c[place(-1, num_harmonics)])
                                : -phase_ahead;
  const double start = (phase_back - phase_ahead) / 2;
  const double turn = -(phase_ahead + phase_back) / 2;
  for_each_order(num_harmonics, [&](int k) {
    c[place(k, num_harmonics)] *= std::polar(1 / scale, k * start + turn);
  });
}

/// The other end of the major axis: start half-way round and turn by 180 degrees.
void prefer_one_end(std::vector<Complex>& c, int num_harmonics) {
  double largest = 0;
  double real = 0;
  for_each_order(num_harmonics, [&](int k) {
    const Complex value = c[place(k, num_harmonics)];
    if (k % 2 == 0 && std::abs(value) > largest) {
      largest = std::abs(value);
      real = value.real();
    }
  });
  if (real >= 0) return;
  for_each_order(num_harmonics, [&](int k) {
    if (k % 2 == 0) c[place(k, num_harmonics)] *= -1;
  });
}

}  // namespace

std::vector<Complex> fourier_transform(const std::vector<cv::Point2d>& points) {
  std::vector<Complex> values(points.size());
  if (points.empty()) return values;
  const int count = static_cast<int>(points.size());
  const cv::Mat input(1, count, CV_64FC2, const_cast<cv::Point2d*>(points.data()));
  cv::Mat output(1, count, CV_64FC2, values.data());
  cv::dft(input, output);
  return values;
}

std::vector<cv::Point2d> inverse_fourier_transform(const std::vector<Complex>& values) {
  std::vector<cv::Point2d> points(values.size());
  if (values.empty()) return points;
  const int count = static_cast<int>(values.size());
  const cv::Mat input(1, count, CV_64FC2, const_cast<Complex*>(values.data()));
  cv::Mat output(1, count, CV_64FC2, points.data());
  cv::dft(input, output, cv::DFT_INVERSE | cv::DFT_SCALE);
  return points;
}

std::vector<Complex> fourier_descriptor(const std::vector<cv::Point2f>& polygon,
                                        int num_harmonics) {
  std::vector<cv::Point2f> steps = resample_closed(polygon, kNumSteps);
  if (steps.empty()) return {};
  const double area = cv::contourArea(steps, true);
  if (std::abs(area) < 1e-6 * std::pow(perimeter(steps), 2)) return {};
  if (area < 0) std::reverse(steps.begin(), steps.end());

  const std::vector<Complex> all =
      fourier_transform(std::vector<cv::Point2d>(steps.begin(), steps.end()));
  std::vector<Complex> chosen(2 * static_cast<std::size_t>(num_harmonics));
  for_each_order(num_harmonics, [&](int k) {
    chosen[place(k, num_harmonics)] = all[(k + kNumSteps) % kNumSteps];
  });
  normalize(chosen, num_harmonics);
  prefer_one_end(chosen, num_harmonics);
  return chosen;
}

cv::Mat draw_fourier_descriptor(const std::vector<Complex>& descriptor, int size_px) {
  cv::Mat picture(size_px, size_px, CV_8UC1, cv::Scalar(0));
  const int num_harmonics = static_cast<int>(descriptor.size()) / 2;
  if (num_harmonics == 0) return picture;
  std::vector<Complex> values(kNumSteps);
  for_each_order(num_harmonics, [&](int k) {
    values[(k + kNumSteps) % kNumSteps] =
        descriptor[place(k, num_harmonics)] * static_cast<double>(kNumSteps);
  });
  const std::vector<cv::Point2d> outline = inverse_fourier_transform(values);
  double reach = 0;
  for (const cv::Point2d& point : outline) {
    reach = std::max({reach, std::abs(point.x), std::abs(point.y)});
  }
  const cv::Point2d center(size_px / 2.0, size_px / 2.0);
  std::vector<cv::Point> drawn;
  drawn.reserve(outline.size());
  for (const cv::Point2d& point : outline) {
    drawn.emplace_back(point * (0.45 * size_px / reach) + center);
  }
  cv::polylines(picture, drawn, true, cv::Scalar(255), std::max(1, size_px / 128));
  return picture;
}

}  // namespace finview
