#pragma once

#include "finview/base/options.h"
#include "finview/crop/crop.h"

#include <cstdint>

namespace finview {

/// How differently one fin may look from photo to photo.
struct ViewOptions {
  double framing = 0.1;
  double perspective = 0.06;
  double foreshortening = 0.2;
  double rotation_deg = 7;
  double color = 0.35;
  double degradation = 0.5;
  double water = 0.3;
  double mirror = 0;

  void visit(OptionVisitor& visitor) {
    visitor.field(
        "framing", framing, "Shift of each edge of the crop, share of its side", 0.0, 0.4);
    visitor.field("perspective", perspective, "Shift of each corner, share of the side", 0.0, 0.3);
    visitor.field(
        "foreshortening", foreshortening, "Narrowing by a turned fin, log of the factor", 0.0, 1.0);
    visitor.field("rotation-deg", rotation_deg, "Largest rotation, degrees", 0.0, 45.0);
    visitor.field("color", color, "Change of brightness, contrast and color cast", 0.0, 1.0);
    visitor.field(
        "degradation", degradation, "Chance each of blur, low size, noise, JPEG", 0.0, 1.0);
    visitor.field("water", water, "Chance that water covers the foot of the fin", 0.0, 1.0);
    visitor.field("mirror", mirror, "Chance that a view is mirrored", 0.0, 1.0);
  }
};

/// The fin as another photo might show it, laid out as `embedder_input` does: CV_8UC3, square.
///
/// Depends on crop, options and seed alone.
cv::Mat random_view(const Crop& crop, int input_px, const ViewOptions& options, std::uint64_t seed);

/// Changes colors and quality as `random_view` does.
void change_photo(cv::Mat& bgr, const ViewOptions& options, std::uint64_t seed);

/// The fin of an individual that does not exist: `crop` bent by smooth random displacements of
/// about 2 % of its height, coarse ones for the shape and fine ones for notches, so that it differs
/// from the real one in outline and marks alone. At most 320 px long.
///
/// Depends on crop and seed alone.
Crop invented_fin(const Crop& crop, std::uint64_t seed);

}  // namespace finview
