#include "finview/outline/find_outline.h"

#include "finview/outline/assess_quality.h"
#include "finview/outline/contour.h"
#include "finview/outline/fin_masker.h"
#include "finview/outline/mask_regions.h"

#include <algorithm>
#include <optional>

#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr int kOpaque = 235;
constexpr int kTransparent = 85;
constexpr double kOverexposedShare = 0.5;  ///< of the fin's pixels that are white
constexpr double kSilhouetteShare = 0.5;   ///< of the fin's pixels that are black
constexpr double kSilhouetteRange = 16;    ///< gray levels

bool hides_anything(const cv::Mat& alpha) {
  return !alpha.empty() && cv::countNonZero(alpha < kTransparent) > 0;
}

/// The largest region, filled.
cv::Mat largest_region(const cv::Mat& mask) {
  std::vector<std::vector<cv::Point>> borders;
  cv::findContours(mask, borders, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  cv::Mat region = cv::Mat::zeros(mask.size(), CV_8UC1);
  const auto largest =
      std::max_element(borders.begin(), borders.end(), [](const auto& a, const auto& b) {
        return cv::contourArea(a) < cv::contourArea(b);
      });
  if (largest != borders.end()) {
    cv::drawContours(
        region, borders, static_cast<int>(largest - borders.begin()), cv::Scalar(255), cv::FILLED);
  }
  return region;
}

/// What is joined to the picture's border within `flat`.
cv::Mat joined_to_border(const cv::Mat& flat) {
  cv::Mat framed;
  cv::copyMakeBorder(flat, framed, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(255));
  cv::floodFill(framed, {0, 0}, cv::Scalar(128));
  return framed(cv::Rect(1, 1, flat.cols, flat.rows)) == 128;
}

/// The fin if nearly the whole top and most of both sides are one flat white or black area, joined
/// to the border, that covers a real part of the picture. JPEG leaves such areas a little uneven.
std::optional<cv::Mat> without_background(const cv::Mat& bgr) {
  constexpr int kUneven = 8;
  for (const int level : {255, 0}) {
    cv::Mat flat;
    cv::inRange(bgr, cv::Scalar::all(level - kUneven), cv::Scalar::all(level + kUneven), flat);
    const auto share = [](const cv::Mat& part) {
      return cv::countNonZero(part) / static_cast<double>(part.total());
    };
    const int upper = std::max(1, bgr.rows * 6 / 10);
    if (share(flat.row(0)) < 0.9 || share(flat.col(0).rowRange(0, upper)) < 0.8 ||
        share(flat.col(flat.cols - 1).rowRange(0, upper)) < 0.8) {
      continue;
    }
    cv::Mat fin = 255 - joined_to_border(flat);
    cv::morphologyEx(fin, fin, cv::MORPH_OPEN, cv::Mat());
    fin = largest_region(fin);
    const double covered = share(fin);
    if (covered > 0.02 && covered < 0.9) return fin;
  }
  return std::nullopt;
}

FinOutline no_outline(const cv::Size& size, MaskDoubt doubt) {
  FinOutline outline = outline_of_mask(cv::Mat::zeros(size, CV_8UC1), MaskSource::kNone, 0);
  outline.mask_doubt = doubt;
  return outline;
}

/// What alpha channel or background say; absent if they say nothing.
std::optional<FinOutline> given_outline(const Crop& crop) {
  if (crop.bgr.empty()) return no_outline({}, MaskDoubt::kNoFin);
  if (hides_anything(crop.alpha)) {
    const FinOutline outline =
        outline_of_mask(largest_region(crop.alpha >= kOpaque), MaskSource::kAlpha, 1);
    return outline.contour.empty() ? no_outline(crop.bgr.size(), MaskDoubt::kNoFin) : outline;
  }
  if (const std::optional<cv::Mat> fin = without_background(crop.bgr)) {
    return outline_of_mask(*fin, MaskSource::kBackground, 1);
  }
  return std::nullopt;
}

/// The outline with what its photo is worth, and the doubts that the pixels raise.
FinOutline judged(const Crop& crop, FinOutline outline) {
  outline.quality = assess_quality(crop, outline);
  const bool may_doubt =
      outline.mask_doubt == MaskDoubt::kNone || outline.mask_doubt == MaskDoubt::kUncertain;
  if (outline.contour.empty() || !may_doubt) return outline;
  if (outline.quality.white_share > kOverexposedShare) {
    outline.mask_doubt = MaskDoubt::kOverexposed;
  } else if (outline.quality.tonal_range < kSilhouetteRange &&
             outline.quality.black_share > kSilhouetteShare) {
    outline.mask_doubt = MaskDoubt::kSilhouette;
  }
  return outline;
}

}  // namespace

FinOutline find_outline(const Crop& crop, const AutoMaskOptions& options) {
  if (const std::optional<FinOutline> given = given_outline(crop)) return judged(crop, *given);
  if (const std::optional<AutoMask> found = auto_mask(crop.bgr, options)) {
    return judged(crop, outline_of_mask(found->mask, MaskSource::kAutomatic, found->confidence));
  }
  return no_outline(crop.bgr.size(), MaskDoubt::kNoFin);
}

FinOutline find_outline(const Crop& crop, const FinMasker& masker) {
  if (const std::optional<FinOutline> given = given_outline(crop)) return judged(crop, *given);
  const FoundMask found = masker.find(crop.bgr);
  FinOutline outline = outline_of_mask(found.mask, MaskSource::kAutomatic, found.confidence);
  if (outline.contour.empty()) return no_outline(crop.bgr.size(), found.doubt);
  outline.contour = settle_contour(outline.contour, found.cover);
  outline.mask_doubt = found.doubt;
  return judged(crop, outline);
}

FinOutline outline_of_mask(const cv::Mat& mask, MaskSource source, double confidence) {
  FinOutline outline;
  outline.mask = mask;
  outline.contour = trace_contour(mask);
  if (outline.contour.empty()) return outline;
  outline.mask_source = source;
  outline.mask_confidence = confidence;
  return outline;
}

}  // namespace finview
