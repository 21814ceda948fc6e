#include "finview/synthetic/sea.h"

#include "finview/synthetic/random.h"

#include <cmath>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>

namespace finview::synthetic {
namespace {

TEST(RenderSea, FillsEveryPixelFromFarToNear) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Scene scene = random_scene(seed);
    Random random(seed);
    const double distance_m = random.log_uniform(6, 80);
    aim_camera(scene, seed, {120, 80}, distance_m, random.log_uniform(300, 9000), 60);
    const SeaPicture sea = render_sea(scene, {distance_m});
    double least = 0;
    double most = 0;
    cv::minMaxIdx(sea.radiance.reshape(1), &least, &most);
    EXPECT_GT(least, 1e-4) << "an unpainted pixel, seed " << seed;
    EXPECT_LT(most, 1000) << "seed " << seed;
    EXPECT_TRUE(cv::checkRange(sea.radiance));
  }
}

TEST(RenderSea, NearerWavesHideNothingAboveTheSurface) {
  Scene scene = random_scene(5);
  aim_camera(scene, 5, {200, 140}, 20, 3000, 90);
  const SeaPicture sea = render_sea(scene, {20});
  ASSERT_EQ(sea.lines.size(), 1U);
  for (std::size_t x = 0; x < 200; ++x) {
    EXPECT_LE(sea.lines[0].cover_px[x], sea.lines[0].surface_px[x]);
  }
}

TEST(RenderSea, FlatWaterStandsWherePerspectivePutsIt) {
  Scene scene = random_scene(5);
  scene.sea.slopes = {0, 0, 0, 0};
  scene.camera.height_m = 2;
  aim_camera(scene, 5, {100, 100}, 20, 500, 70);
  const SeaPicture sea = render_sea(scene, {20, 40});
  // Rows below the horizon are focal length x height / distance.
  EXPECT_NEAR(sea.lines[0].surface_px[50] - sea.lines[1].surface_px[50], 25, 1.1);
  EXPECT_NEAR(sea.lines[0].surface_px[50], 70, 1.1);
}

}  // namespace
}  // namespace finview::synthetic
