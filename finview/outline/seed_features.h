#pragma once

#include <complex>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview {

/// What the student system FinView grew out of made of a picture. See `seed_features`.
struct SeedFeatures {
  cv::Mat cleaned;   ///< CV_8UC3, background white
  cv::Mat enhanced;  ///< CV_8UC1, contrast-limited equalization, outline drawn black
  cv::Mat mask;      ///< CV_8UC1, 0 or 255
  cv::Mat outline;   ///< CV_8UC1, white on black
  cv::Mat fourier;   ///< CV_8UC1, the outline's points, stretched to the picture
  /// Ten Fourier coefficients of the outline's chain of corner points, neither resampled nor
  /// normalized; fewer for outlines of fewer points, empty where there is no outline.
  std::vector<std::complex<double>> descriptor;
};

/// Cleaning, enhancement, outline and Fourier descriptor exactly as that system made them.
///
/// Kept so that its results can be compared with ours. `square_bgra`: CV_8UC4, resized and padded
/// with transparent white, the mask in alpha (235 and above: fin; below 85: background).
SeedFeatures seed_features(const cv::Mat& square_bgra);

}  // namespace finview
