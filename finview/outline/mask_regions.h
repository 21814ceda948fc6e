#pragma once

#include "finview/outline/fin_outline.h"

#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace finview {

/// From the probability of each pixel (CV_32FC1) to the one region that is the fin. Masks are
/// CV_8UC1, 0 or 255.

/// The likeliest region above 1/2, without holes; zeros if none covers a hundredth of the picture
/// or it covers nearly all of it.
cv::Mat fin_region_of(const cv::Mat& probability);

/// Intersection over union that `region` will have with the truth, if the probabilities are right.
double expected_overlap(const cv::Mat& probability, const cv::Mat& region);

/// What speaks against `region` first. `coarse_fin`, `others`: probabilities of the fin and of
/// other animals' fins, of the square that the crop (of `crop_size` pixels) lies at the lower
/// middle of.
MaskDoubt doubt_about(const cv::Mat& region,
                      const cv::Mat& coarse_fin,
                      const cv::Mat& others,
                      const cv::Size& crop_size,
                      double confidence);

/// The region at another size: `cover` (CV_32FC1) is the share of each pixel that is fin, `mask`
/// where that is above 1/2.
void resize_region(const cv::Mat& region, const cv::Size& size, cv::Mat& cover, cv::Mat& mask);

/// Moves each point of a contour traced in the mask to where `cover` is 1/2, at most 1.5 px along
/// the contour's normal.
std::vector<cv::Point2f> settle_contour(const std::vector<cv::Point2f>& contour,
                                        const cv::Mat& cover);

}  // namespace finview
