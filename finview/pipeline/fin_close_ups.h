#pragma once

#include "finview/training/detection_pack.h"

#include <vector>

namespace finview {

/// Views of a photo as the detector's second look sees them: `views_per_fin` around each fin, 2
/// to 3.5 times its longer side wide, the fin near the middle.
///
/// Photos without a fin give as many square views of random places, an eighth to all of the shorter
/// side. A fin of which less than half lies in a view is no label there. The same for the same name
/// and pixels.
std::vector<DetectionSample> fin_close_ups(const DetectionSample& photo, int views_per_fin);

}  // namespace finview
