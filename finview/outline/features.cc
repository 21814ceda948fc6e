#include "finview/outline/features.h"

#include "finview/base/error.h"
#include "finview/outline/enhance.h"
#include "finview/outline/fourier.h"
#include "finview/outline/seed_features.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

cv::Mat over_white(const cv::Mat& bgra) {
  cv::Mat picture(bgra.size(), CV_8UC3);
  for (int y = 0; y < bgra.rows; ++y) {
    const auto* from = bgra.ptr<cv::Vec4b>(y);
    auto* to = picture.ptr<cv::Vec3b>(y);
    for (int x = 0; x < bgra.cols; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        const int alpha = from[x][3];
        to[x][channel] =
            static_cast<uchar>((from[x][channel] * alpha + 255 * (255 - alpha) + 127) / 255);
      }
    }
  }
  return picture;
}

FinFeatures fin_features(const cv::Mat& square_bgra,
                         const FinOutline& outline,
                         const FeatureOptions& options) {
  FinFeatures features;
  features.cleaned = over_white(square_bgra);
  cv::Mat bgr;
  cv::cvtColor(square_bgra, bgr, cv::COLOR_BGRA2BGR);
  features.mask = cv::Mat::zeros(bgr.size(), CV_8UC1);
  features.outline = features.mask.clone();
  features.fourier = features.mask.clone();
  if (outline.mask_source == MaskSource::kNone) {
    features.enhanced = enhance(bgr, {}, options.enhancement);
    return features;
  }
  cv::extractChannel(square_bgra, features.mask, 3);
  cv::threshold(features.mask, features.mask, 127, 255, cv::THRESH_BINARY);
  std::vector<std::vector<cv::Point>> borders;
  cv::findContours(features.mask, borders, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  features.enhanced = enhance(bgr, features.mask, options.enhancement);
  cv::drawContours(features.enhanced, borders, -1, cv::Scalar(0));
  cv::drawContours(features.outline, borders, -1, cv::Scalar(255));
  features.descriptor =
      fourier_descriptor(outline.contour, static_cast<int>(options.num_harmonics));
  features.fourier = draw_fourier_descriptor(features.descriptor, bgr.rows);
  return features;
}

}  // namespace

cv::Mat masked_picture(const Crop& crop, const FinOutline& outline) {
  if (crop.bgr.empty()) return {};
  cv::Mat alpha(crop.bgr.size(), CV_8UC1, cv::Scalar(255));
  if (outline.mask_source == MaskSource::kAlpha || outline.mask_source == MaskSource::kNone) {
    if (!crop.alpha.empty()) alpha = crop.alpha;
  } else {
    alpha = outline.mask;
  }
  cv::Mat bgra;
  cv::merge(std::vector<cv::Mat>{crop.bgr, alpha}, bgra);
  return bgra;
}

FinFeatures extract_features(const cv::Mat& square_bgra,
                             const FinOutline& outline,
                             const FeatureOptions& options) {
  check_options(options);
  const int size_px = static_cast<int>(options.size_px);
  if (square_bgra.type() != CV_8UC4 || square_bgra.size() != cv::Size(size_px, size_px)) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format("A picture of {}x{} px with {} channels is not the square of {} px with "
                    "alpha that features are made from.",
                    square_bgra.cols,
                    square_bgra.rows,
                    square_bgra.channels(),
                    size_px));
  }
  if (options.preset == "fin") return fin_features(square_bgra, outline, options);
  SeedFeatures seed = seed_features(square_bgra);
  return {seed.cleaned, seed.enhanced, seed.mask, seed.outline, seed.fourier, seed.descriptor};
}

SeedStatus seed_status(const cv::Size& size, bool has_alpha, int bits_per_channel, int size_px) {
  const double aspect = size.empty() ? 0 : static_cast<double>(size.width) / size.height;
  const double shorter_px = aspect > 1 ? size_px / aspect : size_px * aspect;
  if (std::nearbyint(shorter_px) < 1) return SeedStatus::kResizeError;
  if (!has_alpha) return SeedStatus::kNoAlpha;
  return bits_per_channel == 8 ? SeedStatus::kDone : SeedStatus::kOtherError;
}

std::string outcome_line(const FinOutline& outline, SeedStatus status) {
  static constexpr const char* kMeaning[] = {"done", "no alpha", "other error", "resize error"};
  const int number = static_cast<int>(status);
  return fmt::format("mask {}, confidence {:.2f}; seed status {}: {}",
                     to_string(outline.mask_source),
                     outline.mask_confidence,
                     number,
                     kMeaning[number]);
}

}  // namespace finview
