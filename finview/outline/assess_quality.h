#pragma once

#include "finview/crop/crop.h"
#include "finview/outline/fin_outline.h"

namespace finview {

/// How well the crop shows the fin that `outline` found in it.
///
/// Blur is what a straight step would need to rise as gently as the fin's border does (median over
/// the border above the foot, in the color channel of most contrast, five neighbors averaged);
/// where nothing stands out from the background it counts as 3 %. The fin's width at 70 % of its
/// height, against the 0.7 heights that a slender fin has from the side, tells how far it is
/// turned; broad fins seem turned less than they are. Deterministic; may be called from several
/// threads. About 5 ms.
FinQuality assess_quality(const Crop& crop, const FinOutline& outline);

}  // namespace finview
