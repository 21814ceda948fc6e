#pragma once

#include <cstdint>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview {

/// Masks a fin might have: thresholds (Otsu) of seven views of the picture, and GrabCut (Rother,
/// Kolmogorov & Blake, "GrabCut", SIGGRAPH 2004) on two smoothed copies from three slants of fin.
///
/// The crop is taken to show one fin, base at the bottom, over its middle. `bgr`: CV_8UC3, longest
/// side about 224 px, each side at least 8 px. Each mask is CV_8UC1, 0 or 255, one region without
/// holes; candidates that miss the middle are left out. Same `seed`, same masks.
std::vector<cv::Mat> mask_candidates(const cv::Mat& bgr, std::uint64_t seed);

/// The one region of `mask` that covers most of `core`, without holes and thin bridges; zeros if
/// none does.
cv::Mat region_under(const cv::Mat& mask, const cv::Mat& core);

/// Where nearly every crop of a fin shows fin: a triangle in the middle (CV_8UC1).
cv::Mat fin_core(const cv::Size& size);

}  // namespace finview
