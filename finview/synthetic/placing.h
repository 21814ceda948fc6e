#pragma once

#include "finview/synthetic/animal.h"
#include "finview/synthetic/contact.h"
#include "finview/synthetic/random.h"
#include "finview/synthetic/scene.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace finview::synthetic {

inline constexpr std::size_t kNoSubject = static_cast<std::size_t>(-1);

/// An animal's place before the water is known.
struct Placement {
  std::size_t subject_index = 0;  ///< kNoSubject: an animal whose fin is not to be seen
  Pose pose;
  double distance_m = 20;
  double rise = .3;  ///< fin base above the water, fin heights
  Contact contact;
};

/// What an animal does, without its place: pose, how high it lies and how it stirs the water.
///
/// Half of them surface calmly, a third show the whole back, some sink and one in sixteen leaps.
Placement random_behavior(Random& random, const Sea& sea, std::optional<Side> side);

/// Of an animal that shows flukes, head, flipper or bare back, but no fin.
Placement random_finless_behavior(Random& random, const Sea& sea);

/// White water that the placed animal left behind, and some that drifts by.
std::vector<FoamPatch> random_foam(Random& random,
                                   const Camera& camera,
                                   const std::vector<Placement>& placements);

}  // namespace finview::synthetic
