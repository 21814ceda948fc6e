#pragma once

#include "finview/synthetic/scene.h"

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// Fills the rows above the horizon of a linear CV_32FC3 picture with sky, clouds and coast.
///
/// `columns_per_px`: width of the photo over the width of `picture`.
void draw_sky(const Scene& scene, double columns_per_px, cv::Mat& picture);

}  // namespace finview::synthetic
