#pragma once

#include "finview/synthetic/fin_picture.h"
#include "finview/synthetic/genotype.h"

#include <cstdint>

#include <opencv2/core/types.hpp>

namespace finview::synthetic {

/// A real fin turned into an individual that does not exist: the real texture with another shape,
/// another trailing edge and other marks.
///
/// Shape: sheared, stretched and bent by some percent. Edge: `trailing_depths` of a random
/// genotype of the species (see make_genotype), the old notches gone. Marks: the old ones fainter,
/// the genotype's scars and patches on top, and new mottling. At most 640 px long.
///
/// Throws Error{kBadInput} as check_fin_picture. The same for the same arguments; about 50 ms for
/// 400 px.
FinPicture invent_fin(const FinPicture& parent, Species species, std::uint64_t seed);

/// What a view of a fin picture may change.
struct PictureViewOptions {
  double max_turn = .45;         ///< of the fin away from the camera, log of its narrowing
  double max_rotation_deg = 9;   ///< in the picture
  double own_background = .4;    ///< chance that the picture's own background stays
  double plain_background = .2;  ///< chance of the own background without the fin, blurred
};

/// The same fin as another photo might show it: pose, light, water line, splashes, and its own
/// background, that background blurred, or a rendered sea.
///
/// The edge is cut off where water covers it. Throws Error{kBadInput} as check_fin_picture. The
/// same for the same arguments.
FinPicture view_of_fin(const FinPicture& picture,
                       const PictureViewOptions& options,
                       std::uint64_t seed);

}  // namespace finview::synthetic
