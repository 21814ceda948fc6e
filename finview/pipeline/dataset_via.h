#pragma once

#include "finview/pipeline/dataset.h"

#include <string>
#include <string_view>

namespace finview {

/// Labels as the VGG Image Annotator (VIA 1 and 2) saves them: annotations alone, as NDD20's
/// ABOVE_LABELS.json is, or a whole project (`_via_img_metadata`).
///
/// Polygons, polylines, rectangles, circles and ellipses are read; each polygon of fewer than three
/// points (NDD20 has some), point and region without a size is a fault. Of a region's attributes
/// `id` or `individual` is the individual and `class` the class; of a photo's, `encounter` and
/// `date`. VIA keeps no photo sizes. Throws Error{kBadInput} if the text is not VIA's.
Dataset parse_via(std::string_view text, const std::string& source);

/// The same as annotations alone (VIA: Project, Import annotations). Every photo is there, those
/// without fins too. `size` is -1: VIA then knows a photo by its name alone.
std::string via_text(const Dataset& dataset);

}  // namespace finview
