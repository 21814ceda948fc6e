#pragma once

#include <cstdint>

#include <opencv2/core/mat.hpp>

namespace finview {

/// What a picture looks like from afar, to tell whether two are nearly the same.
struct PictureSketch {
  /// One bit for each of the 63 lowest frequencies of the cosine transform of the picture shrunk to
  /// 32 x 32 gray: whether it is above their median (Zauner 2010, "Implementation and Benchmarking
  /// of Perceptual Image Hash Functions", section 3.2.1).
  std::uint64_t hash = 0;
  std::uint64_t mirrored_hash = 0;  ///< of the same picture left to right
  cv::Mat gray;  ///< 32 x 32, CV_32F, mean 0 and norm 1; all 0 for a flat picture
};

/// `bgr` is CV_8UC3, not empty. Shrinking or recompressing a picture hardly changes its sketch.
PictureSketch sketch_picture(const cv::Mat& bgr);

/// Whether two pictures show the same, possibly mirrored: at most 12 of the 63 bits differ, and
/// their 32 x 32 gray pictures correlate by at least 0.9. The second condition is for open sea,
/// whose hash says little.
bool nearly_same(const PictureSketch& a, const PictureSketch& b);

}  // namespace finview
