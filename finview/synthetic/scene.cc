#include "finview/synthetic/scene.h"

#include "finview/synthetic/random.h"

#include <algorithm>
#include <cmath>

namespace finview::synthetic {
namespace {

Light random_light(Random& random) {
  Light light;
  const double kind = random.unit();  // sunny, hazy or broken, overcast
  light.cloud_cover = kind < .58   ? random.uniform(0, .25)
                      : kind < .75 ? random.uniform(.3, .7)
                                   : random.uniform(.85, 1);
  const double height = random.uniform(.15, 1.15);     // radians above the horizon
  const double azimuth = random.uniform(-M_PI, M_PI);  // 0 = behind the camera
  light.sun_direction = cv::Vec3f(static_cast<float>(std::cos(height) * std::sin(azimuth)),
                                  static_cast<float>(std::sin(height)),
                                  static_cast<float>(std::cos(height) * std::cos(azimuth)));
  const double warm = std::clamp(.6 - height, 0., .5);
  const double strength = 2.6 * (1 - light.cloud_cover) * (1 - light.cloud_cover);
  light.sun =
      cv::Vec3f(static_cast<float>(.80 - .7 * warm), static_cast<float>(.95 - .35 * warm), 1.f) *
      strength;
  const auto cover = static_cast<float>(light.cloud_cover);
  const cv::Vec3f clear_zenith(.62f, .34f, .17f);
  const cv::Vec3f clear_horizon(.95f, .80f, .68f);
  const auto tint = static_cast<float>(random.uniform(-.04, .04));
  const cv::Vec3f gray_zenith = cv::Vec3f(1 - tint, 1, 1 + tint) * 1.15f;
  const cv::Vec3f gray_horizon = cv::Vec3f(1 - tint, 1, 1 + tint) * .85f;
  light.zenith = clear_zenith * (1 - cover) + gray_zenith * cover;
  light.horizon = clear_horizon * (1 - cover) + gray_horizon * cover;
  return light;
}

Sea random_sea(Random& random) {
  Sea sea;
  // From glassy swell to a fresh breeze.
  const double wind = random.chance(.12) ? random.uniform(.08, .25) : random.uniform(.4, 1.3);
  sea.slopes = {.080 * wind * random.uniform(.6, 1.3),
                .110 * wind * random.uniform(.7, 1.3),
                .095 * wind * random.uniform(.7, 1.3),
                .075 * wind * random.uniform(.5, 1.4)};
  const int main_tile = random.below(3);
  for (int& tile : sea.tiles) tile = random.chance(.6) ? main_tile : random.below(3);
  const double kind = random.unit();
  cv::Vec3f color = kind < .45   ? cv::Vec3f(.075f, .048f, .016f)   // blue
                    : kind < .75 ? cv::Vec3f(.060f, .062f, .026f)   // green
                                 : cv::Vec3f(.050f, .050f, .038f);  // gray
  for (int c = 0; c < 3; ++c) color[c] *= static_cast<float>(random.log_uniform(.75, 1.35));
  sea.upwelling = color * random.log_uniform(.5, 1.6);
  sea.whitecap_level = wind > .7 ? random.uniform(2.2, 3.6) : 9;
  return sea;
}

Coast random_coast(Random& random) {
  Coast coast;
  coast.visible = random.chance(.55);
  coast.height_deg = random.log_uniform(.4, 3.5);
  coast.haze = random.uniform(.1, .8);
  const double kind = random.unit();
  coast.color = kind < .5   ? cv::Vec3f(.04f, .075f, .06f)
                : kind < .8 ? cv::Vec3f(.09f, .14f, .18f)
                            : cv::Vec3f(.10f, .10f, .10f);
  coast.seed = random.bits();
  return coast;
}

}  // namespace

Scene random_scene(std::uint64_t seed) {
  Random random(derive_seed(seed, {0x5cee}));
  Scene scene;
  scene.seed = seed;
  scene.light = random_light(random);
  scene.sea = random_sea(random);
  scene.coast = random_coast(random);
  scene.camera.height_m = random.log_uniform(1.6, 6);
  scene.camera.contrast = random.uniform(1.25, 1.75);
  scene.camera.saturation = random.uniform(.7, 1.05);
  for (int c : {0, 2}) {
    scene.camera.white_balance[c] = static_cast<float>(std::exp(random.normal(0, .05)));
  }
  return scene;
}

void aim_camera(Scene& scene,
                std::uint64_t photo_seed,
                cv::Size size,
                double distance_m,
                double focal_px,
                double subject_row) {
  Random random(derive_seed(photo_seed, {0xca3e7a}));
  Camera& camera = scene.camera;
  scene.seed = photo_seed;
  camera.size = size;
  camera.focal_px = focal_px;
  camera.height_m = std::min(camera.height_m, .6 * distance_m);
  camera.horizon_px = subject_row - focal_px * camera.height_m / distance_m;
  camera.exposure_stops = random.normal(0, .35);
  camera.noise = random.log_uniform(.002, .012);
  const double quality = random.unit();
  if (quality > .75) camera.blur_px = random.uniform(.5, .0016 * size.width + .5);
  if (quality < .10) camera.motion_px = random.uniform(2, .007 * size.width + 2);
  if (random.chance(.5)) camera.defocus_px = random.log_uniform(.0004, .006) * size.width;
  camera.motion_rad = random.normal(0, .4);
  camera.jpeg_quality = 82 + random.below(15);
}

cv::Vec3f sky_radiance(const Light& light, double sine) {
  const auto t = static_cast<float>(std::pow(std::clamp(sine, 0., 1.), .45));
  return light.horizon * (1 - t) + light.zenith * t;
}

}  // namespace finview::synthetic
