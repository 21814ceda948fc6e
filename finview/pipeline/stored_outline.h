#pragma once

#include "finview/catalogue/records.h"
#include "finview/embedding/fin_layout.h"

#include <string>

namespace finview {

/// What a catalogue keeps of a fin's outline besides its box.
struct StoredOutline {
  std::string side;    ///< flank in view: "left", "right"; empty = not known
  double quality = 0;  ///< FinQuality::overall
  /// JSON: contour, leading_edge, trailing_edge, tip (pixels of the upright photo, 0.1 px),
  /// notches, quality (grades), distinctiveness, mask_source, mask_confidence, doubt.
  std::string json;
};

StoredOutline store_outline(const ShapedCrop& fin);

/// The crop with the outline that a person drew (`contour` of the JSON, if the fin's
/// `outlined_by` is set). Throws Error{kBadInput} if the text is no outline.
ShapedCrop shape_as_stored(const Crop& crop, const std::string& json);

/// Checks an outline from outside: a closed contour of 3 to 20,000 points within 3 photo widths.
/// Throws Error{kBadInput}.
void check_outline(const std::string& json, const PhotoRecord& photo);

}  // namespace finview
