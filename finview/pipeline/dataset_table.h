#pragma once

#include "finview/pipeline/dataset.h"

#include <string>
#include <string_view>

namespace finview {

/// {"photos": [{"file", "width_px", "height_px", "encounter", "date", "fins": [{"left_px",
/// "top_px", "right_px", "bottom_px", "class", "individual", "polygon": [[x, y], ...],
/// "attributes": {}}]}]}. What is empty is left out.
std::string dataset_json_text(const Dataset& dataset);

/// The inverse. Fins without a box are faults. Throws Error{kBadInput} if the text is of another
/// form.
Dataset parse_dataset_json(std::string_view text, const std::string& source);

}  // namespace finview
