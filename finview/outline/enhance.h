#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview {

/// Names of the ways to enhance a fin's picture, the usual one first: "clahe", "seed", "bilateral",
/// "stretch", "none".
const std::vector<std::string>& enhancement_names();

/// The fin in gray (CV_8UC1) with its marks brought out; white outside of `mask`, unless that is
/// empty or all zero, which means the whole picture.
///
/// clahe: equalization by 8 x 8 tiles, limit 2, that see nothing but fin; seed: as the first
/// FinView, limit 1.5, tiles see the white background too; bilateral: edge-preserving smoothing
/// (diameter 9, both deviations 50); stretch: the fin's 2nd to 98th percentile become black and
/// white; none: gray. Of the same inputs the same picture. Throws Error{kBadOptions} for another
/// name. `bgr`: CV_8UC3; `mask`: CV_8UC1 of its size, 0 or 255.
cv::Mat enhance(const cv::Mat& bgr, const cv::Mat& mask, const std::string& name);

/// Gray levels below which `low` and `high` (shares) of the pixels in `mask` lie become 0 and 255.
/// An empty mask means all pixels.
cv::Mat stretch_contrast(const cv::Mat& gray, const cv::Mat& mask, double low, double high);

}  // namespace finview
