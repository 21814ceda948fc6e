#pragma once

#include "finview/synthetic/scene.h"

#include <cstdint>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// Draws things that are no fin: gulls in the air and on the water, buoys, boats and tail flukes.
void draw_distractors(const Scene& scene, int count, std::uint64_t seed, cv::Mat& radiance);

}  // namespace finview::synthetic
