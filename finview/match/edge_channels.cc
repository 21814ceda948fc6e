#include "finview/match/edge_channels.h"

#include "finview/base/error.h"

#include <fmt/format.h>

namespace finview {

void check_signals(const FinEdge& edge) {
  constexpr std::size_t kExpected = FinEdge::kNumChannels * FinEdge::kNumSamples;
  if (edge.signals.size() == kExpected) return;
  throw Error(ErrorKind::kBadInput,
              fmt::format("an edge to compare has {} signal values instead of {}; take edges from "
                          "find_edge of this version",
                          edge.signals.size(),
                          kExpected));
}

}  // namespace finview
