#pragma once

#include "finview/synthetic/fin_picture.h"

#include <vector>

namespace finview::synthetic {

/// The fin with another trailing edge.
///
/// The old edge is warped onto its smooth course, so that notches close and spurs vanish; then the
/// new one is drawn `depths` inside that course. What a notch lays bare is the mirror image of the
/// background beside it, what a spur needs that of the skin.
///
/// @param picture  as check_fin_picture wants it.
/// @param depths   at even steps from tip to lower end, share of the edge's length; negative juts
///                 out. At least 2 of them, each between -.1 and .15.
FinPicture recut_edge(const FinPicture& picture, const std::vector<double>& depths);

}  // namespace finview::synthetic
