#pragma once

#include <string>

namespace finview {

/// Photo quality in the classes that catalogues publish.
enum class QualityClass { kPoor, kFair, kGood, kExcellent };

/// "poor", "fair", "good", "excellent".
std::string to_string(QualityClass quality);

/// How well a photo shows a fin: what was measured, and what each of that is worth.
///
/// All zero where there is no fin. docs/outline.md lists every number.
struct FinQuality {
  // Measured.
  double height_px = 0;      ///< of the fin, in pixels of the photo
  double blur = 0;           ///< deviation of the blur across the fin's border, share of its height
  double tonal_range = 0;    ///< 5th to 95th percentile of the fin's gray levels, 0..255
  double black_share = 0;    ///< of the fin's pixels: gray level at most 25
  double white_share = 0;    ///< of the fin's pixels: gray level at least 245
  double glare_share = 0;    ///< of the fin's pixels: white and far brighter than most of the fin
  double spray_share = 0;    ///< of the fin's border: white water lies on it
  double turned_deg = 0;     ///< from the side view, guessed from the fin's width; 0..90
  double mark_contrast = 0;  ///< of lines and spots in the skin, share of the skin's brightness

  // Grades in [0, 1], 1 = nothing to complain of.
  double size = 0;       ///< log of height_px: 0 at 24, 1 at 200
  double sharpness = 0;  ///< log of blur: 0 at 3 %, 1 at 0.5 %
  double exposure = 0;   ///< never below 0.3: a silhouette still has its edge
  double glare = 0;
  double water = 0;
  double angle = 0;
  double overall = 0;  ///< square root of the least of the six times their mean
};

/// From `overall`: excellent from 0.85 on, good from 0.7, fair from 0.5.
QualityClass quality_class(const FinQuality& quality);

}  // namespace finview
