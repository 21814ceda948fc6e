#pragma once

#include "finview/outline/fin_quality.h"

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace finview {

/// Where a fin's mask came from.
enum class MaskSource {
  kNone,        ///< no fin was found in the crop
  kAlpha,       ///< the picture's alpha channel
  kBackground,  ///< the picture's uniform white or black background
  kAutomatic,   ///< found in the pixels, without a person's help
  kByHand       ///< a person drew or corrected it
};

/// "none", "alpha", "background", "automatic" or "by hand".
std::string to_string(MaskSource source);

/// Why a person should look at a mask.
enum class MaskDoubt {
  kNone,         ///< nothing speaks against it
  kNoFin,        ///< nothing in the crop is like a fin
  kSeveralFins,  ///< another animal's fin touches this one or is as large
  kCutByFrame,   ///< the crop ends within the fin's upper part
  kTooSmall,     ///< too few pixels to see an edge in
  kSilhouette,   ///< black all over: only its edge can be compared
  kOverexposed,  ///< white where the fin is: skin and parts of the edge are lost
  kUncertain     ///< much of the border could as well lie elsewhere
};

/// "", "no fin found", "several fins", "cut by the frame", "too small", "silhouette", "overexposed"
/// or "border uncertain".
std::string to_string(MaskDoubt doubt);

/// The fin within its crop.
struct FinOutline {
  cv::Mat mask;  ///< CV_8UC1, size of the crop: 255 on the fin, else 0
  /// Closed, clockwise on the screen, one point per pixel of length; positions in crop pixels with
  /// the origin at the outer corner of the top-left pixel. Empty if the mask is.
  std::vector<cv::Point2f> contour;
  MaskSource mask_source = MaskSource::kNone;
  double mask_confidence = 0;  ///< in [0, 1]; 1 for a mask a person made
  MaskDoubt mask_doubt = MaskDoubt::kNone;
  std::string edited_by;  ///< who drew or corrected the mask; empty for automatic ones
  std::string edited_at;  ///< when, as given with the edit
  FinQuality quality;     ///< of the photo around the fin; zeros for a mask without a photo
};

/// Where in the crop a fin's trailing edge lies. The fin's tip is swept to that side.
enum class FinSide { kLeft, kRight };

/// A fin's trailing edge as signals that can be compared; the same for a fin and its mirror image.
struct FinEdge {
  static constexpr int kNumChannels = 8;
  static constexpr int kNumSamples = 256;
  static constexpr int kNumViews = 8;  ///< pieces that are embedded one by one

  /// kNumChannels x kNumSamples, row-major, samples from the tip to the edge's lower end at equal
  /// steps of height. Rows 0 to 3: how far the edge juts out (+) or is cut in (-), as share of its
  /// length, from fine to coarse. Rows 4 to 7: share of a disc on the edge that lies outside the
  /// fin, less one half, from small to large discs.
  std::vector<float> signals;
  /// From the tip to the lower end, equally far apart, 512 to the fin's height; crop pixels, origin
  /// as the contour's.
  std::vector<cv::Point2f> points;
  double length_px = 0;  ///< of the edge from tip to end, crop pixels
  FinSide side = FinSide::kRight;
  double quality = 0;  ///< in [0, 1]: whether a comparison can be trusted
};

}  // namespace finview
