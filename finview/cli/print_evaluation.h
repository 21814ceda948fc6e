#pragma once

#include "finview/pipeline/evaluate_gallery.h"

#include <string>

namespace finview {

/// The table of `evaluate identify`, for the terminal. `name`: of what was evaluated.
void print_evaluation(const std::string& name, const IdentifyEvaluation& found);

}  // namespace finview
