#pragma once

#include "finview/outline/edge_signal.h"
#include "finview/outline/fin_outline.h"

#include <optional>

namespace finview {

/// The trailing edge of the fin that `outline` shows, base at the bottom, and its signals.
///
/// The tip is the sharpest turn near the top; the edge ends where the crop does or the border turns
/// horizontal. Which side trails is seen from the tip's lean, the sides' bulge and roughness.
/// Signals 0 to 3 are offsets between copies of the edge smoothed by 0.6, 1.4, 3, 7 and 15 % of its
/// length; 4 to 7 are integral invariants (Manay, Cremers, Hong, Yezzi & Soatto, "Integral
/// invariants for shape matching", IEEE PAMI 28, 2006, section 3) with discs of radius 2, 4, 7 and
/// 11 % of its length. Absent without a fin or where the edge is shorter than 40 px. Deterministic;
/// may be called from several threads. About 5 ms on one core.
std::optional<FinEdge> find_edge(const FinOutline& outline);

/// Its points, and the direction in which its outside lies, as `notch_profile` takes them.
EdgePoints edge_points(const FinEdge& edge);
double outward_sign(FinSide side);

}  // namespace finview
