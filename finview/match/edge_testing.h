#pragma once

#include "finview/outline/fin_outline.h"

#include <cmath>
#include <vector>

namespace finview {

/// A notch of an edge drawn for tests, in shares of the edge's height.
struct DrawnNotch {
  double height = 0;
  double width = 0;
  double depth = 0;
};

/// Signals as notches leave them on an edge of which the upper `share` is seen: a dip of the
/// notch's width in every channel; curvature goes with the notch profile.
inline FinEdge edge_with(const std::vector<DrawnNotch>& notches,
                         double share = 1,
                         double shift = 0) {
  FinEdge edge;
  edge.quality = 1;
  for (int channel = 0; channel < FinEdge::kNumChannels; ++channel) {
    const bool curvature = channel >= 4;
    const double blur = 0.006 * (1 + channel % 4);
    for (int i = 0; i < FinEdge::kNumSamples; ++i) {
      const double height = share * i / 255 - shift;
      double value = 0;
      for (const DrawnNotch& notch : notches) {
        const double z = (height - notch.height) / (notch.width + blur);
        value -= (curvature ? 8 : 1) * notch.depth / share * (1 - z * z) * std::exp(-0.5 * z * z);
      }
      edge.signals.push_back(static_cast<float>(value));
    }
  }
  return edge;
}

inline const std::vector<DrawnNotch>& own_notches() {
  static const std::vector<DrawnNotch> notches{
      {0.2, 0.01, 0.008}, {0.33, 0.02, 0.012}, {0.52, 0.012, 0.01}, {0.66, 0.015, 0.006}};
  return notches;
}

inline const std::vector<DrawnNotch>& other_notches() {
  static const std::vector<DrawnNotch> notches{
      {0.12, 0.012, 0.01}, {0.27, 0.02, 0.008}, {0.46, 0.01, 0.012}, {0.6, 0.02, 0.009}};
  return notches;
}

}  // namespace finview
