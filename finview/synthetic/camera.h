#pragma once

#include "finview/synthetic/scene.h"

#include <cstdint>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// Blurs water, sky and coast by how far they are from the distance in focus.
void defocus_background(const Camera& camera, double focus_m, cv::Mat& radiance);

/// Turns linear radiance (CV_32FC3) into a photo (CV_8UC3): blur, exposure to a mean of mid-gray,
/// white balance, contrast curve, sensor noise, clipping.
cv::Mat develop(const cv::Mat& radiance, const Camera& camera, std::uint64_t seed);

/// Bytes of the photo at the camera's quality, without EXIF.
std::vector<std::uint8_t> encode_jpeg(const cv::Mat& bgr, int quality);

}  // namespace finview::synthetic
