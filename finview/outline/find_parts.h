#pragma once

#include "finview/outline/fin_parts.h"

#include <optional>

namespace finview {

/// Tip, edges, base line, side and notches of the fin that `outline` shows, base at the bottom.
///
/// Notches are what a disc of 8 % of the edge's length cannot reach that rolls along the trailing
/// edge from outside, where that is at least 0.8 % of the fin's height deep; what the tip or the
/// lower end cuts off is none. A notch within a notch counts if the ridge between them stands out
/// by 35 % of the shallower one.
///
/// `side_confidence` is 1 / (1 + exp(-3.5 x evidence)), likeliest for the automatic masks of
/// rendered fins (docs/outline.md).
/// `distinctiveness` is 1 - (1 - n)(1 - m / 2), where n grows with the summed depth of the notches
/// (each up to 8 % of the height) to 1 at 15 %, and m with `FinQuality::mark_contrast` from 0 at
/// 0.04 to 1 at 0.16.
///
/// Absent without a fin or where the trailing edge is shorter than 40 px. Deterministic; may be
/// called from several threads. About 3 ms.
std::optional<FinParts> find_parts(const FinOutline& outline);

}  // namespace finview
