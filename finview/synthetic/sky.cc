#include "finview/synthetic/sky.h"

#include "finview/synthetic/noise.h"
#include "finview/synthetic/random.h"

#include <algorithm>
#include <cmath>

namespace finview::synthetic {
namespace {

float smooth_step(float low, float high, float value) {
  const float t = std::clamp((value - low) / (high - low), 0.f, 1.f);
  return t * t * (3 - 2 * t);
}

/// Rows of the hilltops, one per column; the horizon where there is no land.
std::vector<float> skyline(const Scene& scene, int columns, double columns_per_px) {
  const auto horizon = static_cast<float>(scene.camera.horizon_px);
  std::vector<float> rows(static_cast<std::size_t>(columns), horizon);
  if (!scene.coast.visible) return rows;
  Random random(derive_seed(scene.coast.seed, {0xc0a5}));
  const auto v = static_cast<float>(random.unit());
  const auto start = static_cast<float>(random.unit());
  const float level = static_cast<float>(random.uniform(-.6, .5));
  const double px_per_deg = scene.camera.focal_px * M_PI / 180;
  for (int x = 0; x < columns; ++x) {
    const double angle_deg = x * columns_per_px / px_per_deg;
    const float u = start + static_cast<float>(angle_deg / 60);
    const float hills =
        .6f * sample_tile(cloud_tile(), u, v) + .12f * sample_tile(cloud_tile(), 7 * u, v + .3f);
    const float height = std::clamp(.45f + .4f * (hills + level), 0.f, 1.f);
    rows[static_cast<std::size_t>(x)] -=
        height * static_cast<float>(scene.coast.height_deg * px_per_deg);
  }
  return rows;
}

cv::Vec3f land_color(const Scene& scene, float u, float v) {
  const float mottle = std::exp(.35f * sample_tile(foam_tile(), u, v));
  const Light& light = scene.light;
  const cv::Vec3f lit = (light.sun * .6f + light.zenith * .8f) * mottle;
  const cv::Vec3f own = scene.coast.color.mul(lit);
  const auto haze = static_cast<float>(scene.coast.haze);
  return own * (1 - haze) + light.horizon * (.75f * haze);
}

cv::Vec3f cloudy_sky(const Scene& scene, float sine, float x_angle, cv::Vec2f offset) {
  const cv::Vec3f clear = sky_radiance(scene.light, sine);
  const auto cover = static_cast<float>(scene.light.cloud_cover);
  // Near the horizon clouds are seen from the side, flat.
  const float noise = sample_tile(cloud_tile(), x_angle * .8f + offset[0], sine * 3.5f + offset[1]);
  const float amount = smooth_step(1.3f - 2.6f * cover, 2.6f - 2.6f * cover, noise);
  const float shade = 1.05f - .25f * smooth_step(.5f, 2.f, noise);
  const cv::Vec3f cloud = (scene.light.sun * .22f + cv::Vec3f(.75f, .75f, .75f)) * shade;
  return clear * (1 - .8f * amount) + cloud * (.8f * amount);
}

}  // namespace

void draw_sky(const Scene& scene, double columns_per_px, cv::Mat& picture) {
  const Camera& camera = scene.camera;
  const int end = std::min<int>(picture.rows, static_cast<int>(std::ceil(camera.horizon_px)) + 2);
  if (end <= 0) return;
  const std::vector<float> hilltops = skyline(scene, picture.cols, columns_per_px);
  Random random(derive_seed(scene.seed, {0x5c1}));
  const cv::Vec2f offset(static_cast<float>(random.unit()), static_cast<float>(random.unit()));
  const auto focal = static_cast<float>(camera.focal_px);
  for (int y = 0; y < end; ++y) {
    auto* row = picture.ptr<cv::Vec3f>(y);
    const float rise = std::max(0.f, static_cast<float>(camera.horizon_px) - static_cast<float>(y));
    const float sine = std::sin(std::atan(rise / focal));
    for (int x = 0; x < picture.cols; ++x) {
      const float x_angle = static_cast<float>(x * columns_per_px) / focal;
      row[x] = cloudy_sky(scene, sine, x_angle, offset);
      const float land =
          std::clamp(static_cast<float>(y) + .5f - hilltops[static_cast<std::size_t>(x)], 0.f, 1.f);
      if (scene.coast.visible && land > 0) {
        const cv::Vec3f color = land_color(scene, x_angle * 6, rise / focal * 18);
        row[x] = row[x] * (1 - land) + color * land;
      }
    }
  }
}

}  // namespace finview::synthetic
