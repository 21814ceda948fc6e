#include "finview/synthetic/water_colors.h"

namespace finview::synthetic {

WaterColors::WaterColors(const Scene& scene) : light_(scene.light) {
  for (int i = 0; i < kTable; ++i) {
    const double t = (i + .5) / kTable;
    fresnel_[static_cast<std::size_t>(i)] = static_cast<float>(.02 + .98 * std::pow(1 - t, 5));
    const double sine = 2 * t - 1;
    cv::Vec3f sky = sky_radiance(light_, std::max(0., sine));
    if (sine < 0) sky *= static_cast<float>(std::max(.3, 1 + 3 * sine));  // other waves
    sky_[static_cast<std::size_t>(i)] = sky;
    glitter_[static_cast<std::size_t>(i)] =
        static_cast<float>(40 * std::exp(-(1 - t) / .12) * std::pow(t, 3));
  }
  const cv::Vec3f down = light_.sun * std::max(0.f, light_.sun_direction[1]) + light_.zenith;
  water_ = scene.sea.upwelling.mul(down);
}

}  // namespace finview::synthetic
