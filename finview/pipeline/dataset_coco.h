#pragma once

#include "finview/pipeline/dataset.h"

#include <string>
#include <string_view>

namespace finview {

/// Labels in COCO's form: `images`, `annotations`, `categories` (Lin et al. 2014).
///
/// Outlines of one polygon are read. Faults: outlines of several parts and run-length masks (the
/// box is kept), crowds, annotations without a box or of no image. Of `annotations.attributes` (as
/// CVAT writes) `individual`, `identity` or `id` is the individual; `images.encounter` is the
/// encounter. Throws Error{kBadInput} if the text is not COCO's.
Dataset parse_coco(std::string_view text, const std::string& source);

/// Ids count from 1; `area` is the polygon's, or the box's. Sizes that are not known are 0.
std::string coco_text(const Dataset& dataset);

}  // namespace finview
