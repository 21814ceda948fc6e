#pragma once

#include "finview/outline/fin_outline.h"
#include "finview/outline/fin_parts.h"

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>
#include <opencv2/core/types.hpp>

namespace finview {

/// What was found in one picture that shows one fin.
struct OutlinedPicture {
  std::string photo;
  int width_px = 0;
  int height_px = 0;
  std::string failure;            ///< why the picture could not be read; empty if it could
  FinOutline outline;             ///< in pixels of the picture
  std::optional<FinParts> parts;  ///< absent where no trailing edge was found
  std::optional<FinEdge> edge;
};

/// The picture's object in the file that `finview outline` writes.
///
/// photo, width_px, height_px, failure, mask_source, mask_confidence, doubt, edited_by, edited_at,
/// quality (`FinQuality` and its class); of `FinParts`: side ("left" or "right": the flank in
/// view), side_confidence, trailing_edge_at ("left" or "right" of the picture), tip, base
/// (front, rear), leading_edge, trailing_edge, notches, distinctiveness; edge_length_px,
/// edge_quality; contour. Points are [x, y] in pixels of the picture, origin at the outer corner of
/// the top-left pixel. What is not known is left out.
nlohmann::ordered_json to_json(const OutlinedPicture& picture);

}  // namespace finview
