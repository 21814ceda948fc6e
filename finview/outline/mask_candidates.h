#pragma once

#include <cstdint>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview {

/// Both functions give masks a fin might have. The crop is taken to show one fin, base at the
/// bottom, over its middle. `bgr`: CV_8UC3, each side at least 8 px. Each mask is CV_8UC1 of its
/// size, 0 or 255, one region without holes; candidates that miss the middle are left out.

/// Seven views of the picture (L, a, b, S, R, B, Fisher's projection), cut at Otsu's threshold.
std::vector<cv::Mat> threshold_candidates(const cv::Mat& bgr);

/// GrabCut (Rother, Kolmogorov & Blake, "GrabCut", SIGGRAPH 2004) on two smoothed copies from three
/// slants of fin, worked out at a longest side of `longest_px`. Same `seed`, same masks; the time
/// grows faster than the number of pixels.
std::vector<cv::Mat> grab_cut_candidates(const cv::Mat& bgr, int longest_px, std::uint64_t seed);

/// The one region of `mask` that covers most of `core`, without holes and thin bridges; zeros if
/// none does.
cv::Mat region_under(const cv::Mat& mask, const cv::Mat& core);

/// Where nearly every crop of a fin shows fin: a triangle in the middle (CV_8UC1).
cv::Mat fin_core(const cv::Size& size);

}  // namespace finview
