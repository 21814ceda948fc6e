#pragma once

#include "finview/outline/edge_signal.h"
#include "finview/training/random_draw.h"

namespace finview {

/// Points of every edge here.
inline constexpr int kNumEdgePoints = 512;

/// An edge brought to kNumEdgePoints points, outside to the right, tip at the origin, length 1.
/// `outward` as `notch_profile` takes it. Needs 2 points or more.
EdgePoints normalized_edge(const EdgePoints& edge, double outward);

/// The edge of an individual that does not exist: `base` (as normalized_edge gives it), half of the
/// time smoothed by 2 % of its length, with Poisson(5) new notches of .8 to 7 % of its length
/// (log-uniform), .25 to 1.1 of their width deep, three quarters cut in, and fine and coarse
/// roughness.
EdgePoints invented_edge(const EdgePoints& base, RandomDraw& random);

/// An edge as it looks from elsewhere: turned (7 degrees), foreshortened (20 %), sheared, its lower
/// end (up to 32 %) and a little of its tip missing. Normalized again.
EdgePoints turned_edge(const EdgePoints& edge, RandomDraw& random);

/// An edge as another photo shows it: `turned_edge`, traced inaccurately, now and then with a bump
/// of weed or water, blurred. Normalized again.
EdgePoints seen_edge(const EdgePoints& edge, RandomDraw& random);

}  // namespace finview
