#pragma once

#include "finview/synthetic/animal.h"
#include "finview/synthetic/scene.h"
#include "finview/synthetic/sea.h"
#include "finview/synthetic/splash.h"

#include <cstdint>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// How an animal disturbs the water.
struct Contact {
  double unit_px = 200;          ///< height of its fin
  double column_px = 0;          ///< of the fin
  double mirror = .4;            ///< strength of its reflection, 0..1
  double foam = .5;              ///< white water along the water line, 0..1.5
  double wake = .5;              ///< at the ends
  int num_drops = 0;             ///< of spray in the air
  std::vector<Splash> splashes;  ///< feet in fin heights: x from the fin, y is ignored
  bool head_right = true;
  std::uint64_t seed = 0;
};

/// What of an animal covers the picture; both CV_32F, of the layer's area.
struct SeenAnimal {
  cv::Mat standing;  ///< alpha of what is above the water line
  cv::Mat seen;      ///< the same less what foam and spray hide
};

/// Puts an animal into the sea: reflection, the part above water, foam and spray.
///
/// `line` is where the water stands at the animal's distance.
SeenAnimal put_into_water(const AnimalLayer& animal,
                          const WaterLine& line,
                          const Contact& contact,
                          const Light& light,
                          cv::Mat& radiance);

}  // namespace finview::synthetic
