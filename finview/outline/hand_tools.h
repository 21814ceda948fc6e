#pragma once

#include "finview/crop/crop.h"
#include "finview/outline/fin_outline.h"
#include "finview/outline/outline_edit.h"

#include <array>
#include <span>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview {

class FinMasker;

// Masks are CV_8UC1 of the crop's size, 0 or 255; crops CV_8UC3. All of it is deterministic and
// leaves its arguments as they are.

/// The fin between its four extreme points: the networks look at their box with a fin's usual
/// margin, then GrabCut (Rother, Kolmogorov & Blake, SIGGRAPH 2004) settles it inside the box. The
/// task of Maninis et al., "Deep Extreme Cut", CVPR 2018.
///
/// Zeros if nothing is found. Throws Error{kBadInput} for points that are no box inside the crop.
/// About 0.2 s.
cv::Mat mask_from_extreme_points(const cv::Mat& bgr,
                                 const ExtremePoints& points,
                                 const FinMasker& masker);

/// `mask` corrected by strokes: GrabCut that starts from it, holds what the strokes mark and
/// changes nothing farther than a twelfth of the longer side from mask and strokes. About 0.3 s.
cv::Mat mask_from_strokes(const cv::Mat& bgr, const cv::Mat& mask, const Strokes& strokes);

/// `contour` (closed) with the shorter way between the places nearest to the stretch's two ends
/// replaced by it.
std::vector<cv::Point2f> replace_stretch(const std::vector<cv::Point2f>& contour,
                                         const std::vector<cv::Point2f>& stretch);

/// A crop and the outline that a person left it with.
struct EditedFin {
  Crop crop;           ///< the manual filter changes its colors
  FinOutline outline;  ///< kByHand, confidence 1, no doubt; who and when of the last edit
};

/// Does the edits one after the other, starting from `outline`; without any it stays as it is.
///
/// Throws Error{kBadInput}, naming the edit, where a tool has no fin left or its points make no
/// sense.
EditedFin apply_edits(const Crop& crop,
                      const FinOutline& outline,
                      std::span<const OutlineEdit> edits,
                      const FinMasker& masker);

}  // namespace finview
