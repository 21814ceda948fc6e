#pragma once

#include "finview/pipeline/dataset.h"

#include <string>

namespace finview {

/// The form of labels in one JSON file by its members: "coco", "json" (FinView's) or "via". Throws
/// Error{kBadInput} if it is no JSON.
std::string form_of_labels(const std::string& text, const std::string& source);

/// Labels of one JSON file in one of those forms. Throws Error{kBadInput}.
Dataset parse_labels(const std::string& form, const std::string& text, const std::string& source);

}  // namespace finview
