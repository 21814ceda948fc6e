#pragma once

#include "finview/outline/fin_outline.h"

namespace finview {

/// A row of an edge's signals, as edges are compared.
struct EdgeChannel {
  int row = 0;
  double weight = 1;
  double usual_variance = 0;  ///< median over 115 photos of white sharks
};

/// Throws Error{kBadInput} unless the signals are kNumChannels x kNumSamples.
void check_signals(const FinEdge& edge);

}  // namespace finview
