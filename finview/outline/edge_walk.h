#pragma once

#include "finview/outline/edge_signal.h"
#include "finview/outline/fin_outline.h"

#include <optional>

namespace finview {

/// Height of the contour that is walked, in its units.
inline constexpr double kWalkHeight = 512;

/// A fin's contour and its two sides, in units of 1/512 of its height.
struct WalkedFin {
  EdgePoints contour;  ///< closed, clockwise on the screen, points one unit apart
  EdgePoints left;     ///< from the tip down to where the side leaves the fin
  EdgePoints right;
  FinSide side = FinSide::kRight;  ///< which of them trails
  /// How much speaks for that: lean of the tip, bulge and roughness of the sides together; 0 and
  /// up, see `find_parts` for what it means as a chance.
  double side_evidence = 0;
  double px_per_unit = 1;

  const EdgePoints& trailing() const { return side == FinSide::kLeft ? left : right; }
  const EdgePoints& leading() const { return side == FinSide::kLeft ? right : left; }
};

/// Walks from the tip, the sharpest turn near the top, down both sides; each ends where the crop
/// does, or where the border is level or turns under the fin, but not where it only turns into a
/// notch. Absent without a fin or where the trailing side is shorter than 40 px. Deterministic.
std::optional<WalkedFin> walk_fin(const FinOutline& outline);

}  // namespace finview
