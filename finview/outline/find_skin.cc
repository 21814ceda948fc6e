#include "finview/outline/find_skin.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr int kSide = FinMarks::kSkinSide;
constexpr int kBorder = 3;            ///< nearer to the border it is the border that is seen
constexpr double kCoarse = 5;         ///< patterns larger than this are light and shade
constexpr double kFine = 0.8;         ///< those smaller than this are noise
constexpr double kNoise = 1;          ///< gray levels; even skin is not made a pattern
constexpr double kLeastPixels = 400;  ///< of skin
constexpr double kUnit = 32;          ///< of the values

// Where each fin's tip and the front and rear end of its base lie in the square.
const cv::Point2f kPlaces[3] = {{60, 8}, {8, 88}, {80, 88}};

/// Mean around each pixel, of the skin alone.
cv::Mat skin_mean(const cv::Mat& values, const cv::Mat& skin, double sigma) {
  cv::Mat sum;
  cv::Mat weight;
  cv::GaussianBlur(values.mul(skin), sum, {}, sigma);
  cv::GaussianBlur(skin, weight, {}, sigma);
  return sum / (weight + 1e-3);
}

}  // namespace

std::vector<std::int8_t> find_skin(const Crop& crop,
                                   const FinOutline& outline,
                                   const FinParts& parts) {
  if (crop.bgr.size() != outline.mask.size()) return {};
  const cv::Point2f from[3] = {parts.tip, parts.base_front, parts.base_rear};
  const cv::Mat map = cv::getAffineTransform(from, kPlaces);
  const double scale = std::sqrt(std::abs(cv::determinant(map.colRange(0, 2))));
  if (!std::isfinite(scale) || scale <= 0) return {};
  cv::Mat gray;
  cv::cvtColor(crop.bgr, gray, cv::COLOR_BGR2GRAY);
  gray.convertTo(gray, CV_32F);
  if (scale < 1) cv::GaussianBlur(gray, gray, {}, 0.5 / scale);
  cv::Mat values;
  cv::Mat mask;
  cv::warpAffine(gray, values, map, {kSide, kSide}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  cv::warpAffine(outline.mask, mask, map, {kSide, kSide}, cv::INTER_NEAREST);
  cv::erode(mask, mask, cv::Mat::ones(2 * kBorder + 1, 2 * kBorder + 1, CV_8U));
  if (cv::countNonZero(mask) < kLeastPixels) return {};
  cv::Mat skin;
  mask.convertTo(skin, CV_32F, 1 / 255.0);
  cv::Mat pattern = (values - skin_mean(values, skin, kCoarse)).mul(skin);
  pattern = skin_mean(pattern, skin, kFine);
  cv::Mat spread;
  cv::sqrt(skin_mean(pattern.mul(pattern), skin, 1.5 * kCoarse) + kNoise, spread);
  pattern = pattern / spread * kUnit;
  std::vector<std::int8_t> result(std::size_t{kSide} * kSide, FinMarks::kNoSkin);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      if (mask.at<std::uint8_t>(y, x) == 0) continue;
      const double value = std::clamp<double>(pattern.at<float>(y, x), -127, 127);
      result[static_cast<std::size_t>(y) * kSide + static_cast<std::size_t>(x)] =
          static_cast<std::int8_t>(std::lround(value));
    }
  }
  return result;
}

}  // namespace finview
