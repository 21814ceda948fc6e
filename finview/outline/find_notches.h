#pragma once

#include "finview/outline/edge_walk.h"
#include "finview/outline/fin_parts.h"

#include <vector>

namespace finview {

/// Notches of the trailing edge, from the tip down; see `find_parts`.
std::vector<Notch> find_notches(const WalkedFin& fin);

}  // namespace finview
