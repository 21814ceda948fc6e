#pragma once

#include "finview/crop/crop.h"
#include "finview/outline/fin_marks.h"
#include "finview/outline/fin_outline.h"
#include "finview/outline/fin_parts.h"

#include <cstdint>
#include <vector>

namespace finview {

/// The skin within the fin that `outline` shows, as `FinMarks::skin` has it.
///
/// Gray values laid by an affine map into a square in which every fin has its tip and both ends of
/// its base at the same places; of what lies at least 4 % of the square inside the border the local
/// mean is taken away (Gaussian, 5 pixels) and the local spread made one. Empty where nothing is
/// seen. Deterministic; may be called from several threads. About 2 ms.
std::vector<std::int8_t> find_skin(const Crop& crop,
                                   const FinOutline& outline,
                                   const FinParts& parts);

}  // namespace finview
