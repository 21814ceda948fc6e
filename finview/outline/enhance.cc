#include "finview/outline/enhance.h"

#include "finview/base/error.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

/// Gives every pixel outside the mask the value of the nearest one inside, so that the
/// equalization's tiles see nothing but fin.
cv::Mat extend_outwards(const cv::Mat& gray, const cv::Mat& mask) {
  cv::Mat distance;
  cv::Mat nearest;
  cv::distanceTransform(
      255 - mask, distance, nearest, cv::DIST_L2, cv::DIST_MASK_5, cv::DIST_LABEL_PIXEL);
  double num_labels = 0;
  cv::minMaxLoc(nearest, nullptr, &num_labels);
  std::vector<uchar> values(static_cast<std::size_t>(num_labels) + 1);
  for (int y = 0; y < gray.rows; ++y) {
    for (int x = 0; x < gray.cols; ++x) {
      if (mask.at<uchar>(y, x)) values[nearest.at<int>(y, x)] = gray.at<uchar>(y, x);
    }
  }
  cv::Mat extended(gray.size(), CV_8UC1);
  for (int y = 0; y < gray.rows; ++y) {
    for (int x = 0; x < gray.cols; ++x) {
      extended.at<uchar>(y, x) = values[nearest.at<int>(y, x)];
    }
  }
  return extended;
}

cv::Mat equalized(const cv::Mat& gray, double limit) {
  cv::Mat result;
  cv::createCLAHE(limit, cv::Size(8, 8))->apply(gray, result);
  return result;
}

cv::Mat enhanced(const cv::Mat& gray, const cv::Mat& mask, const std::string& name) {
  if (name == "clahe") return equalized(mask.empty() ? gray : extend_outwards(gray, mask), 2);
  if (name == "seed") return equalized(gray, 1.5);
  if (name == "stretch") return stretch_contrast(gray, mask, 0.02, 0.98);
  if (name == "none") return gray;
  if (name == "bilateral") {
    cv::Mat smooth;
    cv::bilateralFilter(mask.empty() ? gray : extend_outwards(gray, mask), smooth, 9, 50, 50);
    return smooth;
  }
  throw Error(ErrorKind::kBadOptions,
              fmt::format("There is no enhancement \"{}\"; it must be one of {}.",
                          name,
                          fmt::join(enhancement_names(), ", ")));
}

}  // namespace

const std::vector<std::string>& enhancement_names() {
  static const std::vector<std::string> names{"clahe", "seed", "bilateral", "stretch", "none"};
  return names;
}

cv::Mat enhance(const cv::Mat& bgr, const cv::Mat& mask, const std::string& name) {
  cv::Mat gray;
  cv::cvtColor(bgr, gray, cv::COLOR_BGR2GRAY);
  if (mask.empty() || cv::countNonZero(mask) == 0) return enhanced(gray, {}, name);
  if (name == "seed") gray.setTo(255, mask == 0);
  cv::Mat result = enhanced(gray, mask, name).clone();
  result.setTo(255, mask == 0);
  return result;
}

cv::Mat stretch_contrast(const cv::Mat& gray, const cv::Mat& mask, double low, double high) {
  std::array<double, 256> histogram{};
  double count = 0;
  for (int y = 0; y < gray.rows; ++y) {
    for (int x = 0; x < gray.cols; ++x) {
      if (!mask.empty() && mask.at<uchar>(y, x) == 0) continue;
      ++histogram[gray.at<uchar>(y, x)];
      ++count;
    }
  }
  const auto level_at = [&](double share) {
    double rest = share * count;
    int level = 0;
    while (level < 255 && rest > histogram[level]) rest -= histogram[level++];
    return level;
  };
  const double darkest = level_at(low);
  const double range = std::max(1.0, level_at(high) - darkest);
  cv::Mat result;
  gray.convertTo(result, CV_8U, 255 / range, -darkest * 255 / range);
  return result;
}

}  // namespace finview
