#pragma once

#include "finview/synthetic/scene.h"
#include "finview/synthetic/sea.h"

#include <cstdint>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// Something that is no fin, though most of it is as dark, as pointed or as curved as one.
struct Distractor {
  enum class Kind {
    kFloatingGull,
    kFlyingGull,
    kBuoy,
    kBoat,
    kFluke,
    kRock,
    kSail,
    kBow,      ///< of the boat the photographer stands on, or of one close by
    kFlipper,  ///< or one tip of a fluke: a curved blade
    kCrest,    ///< a peaked wave
    kRoofs
  };
  static constexpr int kNumKinds = 11;
  Kind kind = Kind::kBuoy;
  double distance_m = 20;
  double column_px = 0;
  double rise_px = 0;  ///< above the water
  double size_px = 20;
  double tilt_rad = 0;
  bool mirrored = false;
  cv::Vec3f water;  ///< reflectance of the sea around
  std::uint64_t seed = 0;
};

/// Random ones within the view of the scene's camera.
std::vector<Distractor> random_distractors(const Scene& scene, int count, std::uint64_t seed);

/// Draws one; `line` is the water at its distance.
void draw_distractor(const Distractor& distractor,
                     const WaterLine& line,
                     const Light& light,
                     cv::Mat& radiance);

}  // namespace finview::synthetic
