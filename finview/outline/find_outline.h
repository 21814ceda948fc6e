#pragma once

#include "finview/crop/crop.h"
#include "finview/outline/auto_mask.h"
#include "finview/outline/fin_outline.h"

namespace finview {

class FinMasker;

/// The fin in a crop, from the best that is known about it: the alpha channel where it hides
/// anything; else a uniform white or black background around the fin; else the pixels alone
/// (`auto_mask`).
///
/// Nothing found, or no pixels: a mask of zeros (of the crop's size) from kNone. The largest region
/// is kept, without holes. Deterministic; may be called from several threads.
FinOutline find_outline(const Crop& crop, const AutoMaskOptions& options = {});

/// The same, with the pixels judged by networks. The contour lies where their probability is one
/// half, to a fraction of a pixel. About 110 ms where they are asked.
FinOutline find_outline(const Crop& crop, const FinMasker& masker);

/// The outline a given mask (CV_8UC1, nonzero = fin) has.
FinOutline outline_of_mask(const cv::Mat& mask, MaskSource source, double confidence);

}  // namespace finview
