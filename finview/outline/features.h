#pragma once

#include "finview/base/options.h"
#include "finview/crop/crop.h"
#include "finview/outline/enhance.h"
#include "finview/outline/fin_outline.h"

#include <complex>
#include <cstdint>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace finview {

struct FeatureOptions {
  std::string preset = "fin";         ///< "fin": ours; "seed": as `seed_features`
  std::string enhancement = "clahe";  ///< of preset "fin"; see `enhance`
  std::int64_t size_px = 512;         ///< side of the square pictures
  std::int64_t num_harmonics = 10;    ///< of the descriptor of preset "fin": two coefficients each

  void visit(OptionVisitor& visitor) {
    visitor.field(
        "preset", preset, "fin: ours; seed: exactly as the first FinView", {"fin", "seed"});
    visitor.field("enhancement", enhancement, "of fin's enhanced picture", enhancement_names());
    visitor.field("size-px", size_px, "side of the pictures", 16, 4096);
    visitor.field(
        "num-harmonics", num_harmonics, "of fin's descriptor, two coefficients each", 1, 64);
  }
};

/// What a square picture is padded with: transparent white.
inline const cv::Scalar kFeaturePadding(255, 255, 255, 0);  // NOLINT(readability-identifier-naming)

/// Five pictures of a fin and its shape as numbers.
struct FinFeatures {
  cv::Mat cleaned;   ///< CV_8UC3, background white
  cv::Mat enhanced;  ///< CV_8UC1, contrast raised, outline drawn black
  cv::Mat mask;      ///< CV_8UC1, 0 or 255
  cv::Mat outline;   ///< CV_8UC1, white on black
  cv::Mat fourier;   ///< CV_8UC1, the outline as the descriptor keeps it, white on black
  /// "fin": `fourier_descriptor` of the outline; "seed": ten raw coefficients. Empty without one.
  std::vector<std::complex<double>> descriptor;
};

/// The crop's colors with what is known of the fin as alpha (CV_8UC4): its own alpha channel, else
/// the outline's mask, else opaque. Empty for an empty crop.
cv::Mat masked_picture(const Crop& crop, const FinOutline& outline);

/// Makes the pictures from `square_bgra`, the masked picture fitted into a square of
/// `options.size_px` (crop/resize_and_pad.h with `kFeaturePadding`), and its outline.
///
/// Without an outline (kNone) mask, outline and Fourier picture are black and there is no
/// descriptor. Throws Error{kBadOptions} for bad options, Error{kBadInput} for a picture that is
/// not CV_8UC4 of that size.
FinFeatures extract_features(const cv::Mat& square_bgra,
                             const FinOutline& outline,
                             const FeatureOptions& options);

/// How the first FinView ended for a file. It gave up on all but the first.
enum class SeedStatus { kDone = 0, kNoAlpha = 1, kOtherError = 2, kResizeError = 3 };

/// The status for a picture of this kind; `bits_per_channel` is 8 or 16.
SeedStatus seed_status(const cv::Size& size, bool has_alpha, int bits_per_channel, int size_px);

/// One line for a list of files, such as "mask automatic, confidence 0.93; seed status 1: no
/// alpha".
std::string outcome_line(const FinOutline& outline, SeedStatus status);

}  // namespace finview
