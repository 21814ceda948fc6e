#include "finview/outline/rendered_fin_testing.h"

#include <cmath>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {

RenderedFin render_fin(const cv::Size& size, std::uint64_t seed) {
  cv::RNG random(seed);
  const double w = size.width;
  const double h = size.height;
  std::vector<cv::Point> polygon;
  const auto add = [&](double x, double y) {
    polygon.emplace_back(cvRound(x * w), cvRound(y * h));
  };
  for (int i = 0; i <= 20; ++i) {  // leading edge, bulging
    const double t = i / 20.0;
    add(0.08 + 0.5 * t - 0.06 * std::sin(t * CV_PI), 1.02 - 0.9 * t);
  }
  for (int i = 1; i <= 20; ++i) {  // trailing edge, hollow
    const double t = i / 20.0;
    const double notch = i == 8 || i == 13 ? 0.03 : 0.0;
    add(0.58 + 0.34 * t - 0.1 * std::sin(t * CV_PI) - notch, 0.12 + 0.9 * t);
  }
  RenderedFin fin;
  fin.mask = cv::Mat::zeros(size, CV_8UC1);
  cv::fillPoly(fin.mask, std::vector<std::vector<cv::Point>>{polygon}, cv::Scalar(255));

  cv::Mat sea(size, CV_32FC3);
  const double phase = random.uniform(0.0, 6.0);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double wave = 14 * std::sin(phase + 40.0 * y / h + 3 * std::sin(7.0 * x / w + phase));
      sea.at<cv::Vec3f>(y, x) = cv::Vec3d(150 + wave, 125 + wave, 100 + wave);
    }
  }
  cv::Mat noise(size, CV_32FC3);
  random.fill(noise, cv::RNG::NORMAL, 0, 9);
  sea.setTo(cv::Scalar(62, 58, 60), fin.mask);
  cv::GaussianBlur(sea, sea, {}, 0.8);
  cv::Mat(sea + noise).convertTo(fin.bgr, CV_8U);
  return fin;
}

double overlap(const cv::Mat& a, const cv::Mat& b) {
  return static_cast<double>(cv::countNonZero(a & b)) / cv::countNonZero(a | b);
}

}  // namespace finview
