#pragma once

#include "finview/synthetic/scene.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// Colors of the water's surface by what a facet does to the ray, tabulated.
class WaterColors {
 public:
  /// `scene` must outlive this.
  explicit WaterColors(const Scene& scene);

  /// A facet of slope `slope_x` to the right and `slope_away` from the camera (which grows where
  /// the surface rises, and so faces it), seen at an angle below the horizon of the given sine and
  /// cosine; `crest` above 0 is water that light shines through.
  cv::Vec3f facet(float slope_x, float slope_away, float sine, float cosine, float crest) const;

  /// Bubbles under the surface.
  cv::Vec3f bubbles() const { return water_ * 2.2f + foam(.22f); }
  cv::Vec3f foam(float shade) const { return (light_.sun * .45f + light_.zenith * .55f) * shade; }

 private:
  static constexpr int kTable = 512;

  const Light& light_;
  std::array<float, kTable> fresnel_;
  std::array<float, kTable> glitter_;
  std::array<cv::Vec3f, kTable> sky_;
  cv::Vec3f water_;
};

// Called for every pixel.
inline cv::Vec3f WaterColors::facet(
    float slope_x, float slope_away, float sine, float cosine, float crest) const {
  const float inverse = 1 / std::sqrt(1 + slope_x * slope_x + slope_away * slope_away);
  const float facing = std::clamp((sine + slope_away * cosine) * inverse, .03f, .999f);
  const float up = 2 * facing * inverse - sine;
  const float fresnel = fresnel_[static_cast<std::size_t>(facing * kTable)];
  const auto sky_index = static_cast<std::size_t>(std::clamp((up + 1) * .5f, 0.f, .999f) * kTable);
  const float lift = 1 + .8f * std::max(0.f, crest);
  cv::Vec3f color = water_ * ((1 - fresnel) * lift) + sky_[sky_index] * fresnel;
  if (light_.cloud_cover < .8) {
    const float x = -2 * facing * slope_x * inverse;
    const float away = -2 * facing * slope_away * inverse + cosine;
    const float along =
        x * light_.sun_direction[0] + up * light_.sun_direction[1] - away * light_.sun_direction[2];
    const float t = (along - .93f) / .07f;
    if (t > 0) {
      const auto index = static_cast<std::size_t>(std::min(t, .999f) * kTable);
      color += light_.sun * (fresnel * glitter_[index]);
    }
  }
  return color;
}

}  // namespace finview::synthetic
