#include "finview/outline/auto_mask.h"

#include "finview/outline/mask_candidates.h"
#include "finview/outline/mask_plausibility.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr int kCoarsePx = 224;
constexpr int kQuickPx = 128;    ///< of GrabCut's candidates
constexpr int kCarefulPx = 176;  ///< the same for doubtful crops
constexpr int kMinSidePx = 8;
constexpr double kCoarseBand = 0.04;  ///< of the longest side, to either side of the border
constexpr double kFineBand = 0.016;
constexpr std::size_t kNumRefined = 2;
constexpr double kSettled = 3.5;
constexpr double kLeastPlausibility = 2;
constexpr int kMaxAspect = 6;
constexpr double kLeastContrast = 2.5;  ///< standard deviation, 8-bit levels

cv::Mat scaled_to(const cv::Mat& bgr, int longest_px) {
  const double scale = static_cast<double>(longest_px) / std::max(bgr.cols, bgr.rows);
  const cv::Size size(std::max(kMinSidePx, cvRound(bgr.cols * scale)),
                      std::max(kMinSidePx, cvRound(bgr.rows * scale)));
  cv::Mat scaled;
  cv::resize(bgr, scaled, size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  return scaled;
}

cv::Mat resized_mask(const cv::Mat& mask, const cv::Size& size) {
  cv::Mat resized;
  const bool shrinks = size.width < mask.cols;
  cv::resize(mask, resized, size, 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_CUBIC);
  cv::threshold(resized, resized, 127, 255, cv::THRESH_BINARY);
  return resized;
}

cv::Mat disc(int radius_px) {
  return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius_px + 1, 2 * radius_px + 1});
}

/// Places the border of `mask` again within a band around it. Erosion leaves what lies on the
/// crop's own border alone.
cv::Mat refine(const cv::Mat& bgr, const cv::Mat& mask, double band, std::int64_t seed) {
  const int reach = std::max(2, cvRound(band * std::max(bgr.cols, bgr.rows)));
  cv::Mat eroded;
  cv::Mat dilated;
  cv::erode(mask, eroded, disc(reach));
  cv::dilate(mask, dilated, disc(reach));
  cv::Mat labels(mask.size(), CV_8UC1, cv::Scalar(cv::GC_BGD));
  labels.setTo(cv::GC_PR_BGD, dilated);
  labels.setTo(cv::GC_PR_FGD, mask);
  labels.setTo(cv::GC_FGD, eroded);
  if (cv::countNonZero(eroded) == 0 ||
      cv::countNonZero(dilated) == static_cast<int>(mask.total())) {
    return mask;
  }
  cv::Mat background;
  cv::Mat foreground;
  cv::setRNGSeed(static_cast<int>(seed));
  cv::grabCut(bgr, labels, {}, background, foreground, 2, cv::GC_INIT_WITH_MASK);
  const cv::Mat refined = region_under((labels & 1) * 255, eroded);
  return cv::countNonZero(refined) > 0 ? refined : mask;
}

/// Chance of a usable mask. Of 133 real crops judged by eye, about half below 3.4 were usable, nine
/// tenths between 3.4 and 4.1, and nearly all above.
double chance_usable(double plausibility) {
  return 1 / (1 + std::exp(-3.7 * (plausibility - 3.3)));
}

bool has_no_room_for_a_fin(const cv::Size& size) {
  const int longest = std::max(size.width, size.height);
  const int shortest = std::min(size.width, size.height);
  return shortest < kMinSidePx || longest > kMaxAspect * shortest;
}

/// Nothing to see, and GrabCut's max-flow takes many seconds where there is no contrast.
bool is_even(const cv::Mat& coarse) {
  cv::Mat smooth;
  cv::GaussianBlur(coarse, smooth, {}, 2);
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(smooth, mean, deviation);
  return cv::norm(deviation) < kLeastContrast;
}

struct Judged {
  double plausibility = -10;
  cv::Mat mask;
};

/// The candidates worth refining, best first.
std::vector<Judged> most_plausible(const std::vector<cv::Mat>& masks,
                                   const MaskPlausibility& plausibility) {
  std::vector<Judged> judged;
  judged.reserve(masks.size());
  for (const cv::Mat& mask : masks) judged.push_back({plausibility.of(mask), mask});
  std::stable_sort(judged.begin(), judged.end(), [](const Judged& a, const Judged& b) {
    return a.plausibility > b.plausibility;
  });
  if (judged.size() > kNumRefined) judged.resize(kNumRefined);
  return judged;
}

/// Most crops are settled by GrabCut on few pixels; only doubtful ones get more.
Judged best_coarse_mask(const cv::Mat& coarse,
                        const MaskPlausibility& plausibility,
                        std::int64_t seed) {
  std::vector<cv::Mat> masks = threshold_candidates(coarse);
  Judged best;
  for (const int longest_px : {kQuickPx, kCarefulPx}) {
    const std::vector<cv::Mat> more = grab_cut_candidates(coarse, longest_px, seed);
    masks.insert(masks.end(), more.begin(), more.end());
    for (const Judged& candidate : most_plausible(masks, plausibility)) {
      const cv::Mat refined = refine(coarse, candidate.mask, kCoarseBand, seed);
      const double value = plausibility.of(refined);
      if (value > best.plausibility) best = {value, refined};
    }
    if (best.plausibility > kSettled) break;
  }
  return best;
}

}  // namespace

std::optional<AutoMask> auto_mask(const cv::Mat& bgr, const AutoMaskOptions& options) {
  if (has_no_room_for_a_fin(bgr.size())) return std::nullopt;
  const cv::Mat coarse = scaled_to(bgr, kCoarsePx);
  if (is_even(coarse)) return std::nullopt;
  const MaskPlausibility plausibility(coarse);
  const Judged best = best_coarse_mask(coarse, plausibility, options.seed);
  if (best.plausibility < kLeastPlausibility) return std::nullopt;

  const cv::Mat fine = scaled_to(bgr, static_cast<int>(options.refine_px));
  AutoMask found;
  found.plausibility = best.plausibility;
  found.confidence = chance_usable(best.plausibility);
  const cv::Mat placed =
      refine(fine, resized_mask(best.mask, fine.size()), kFineBand, options.seed);
  found.mask = resized_mask(placed, bgr.size());
  return found;
}

}  // namespace finview
