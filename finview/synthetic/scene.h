#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// Light of one day, as linear radiance (BGR, 1 = a white sheet in full light).
///
/// Directions are in the camera's frame: x right, y up, z toward the camera.
struct Light {
  cv::Vec3f sun;            ///< irradiance of the sun on a facing surface; 0 under clouds
  cv::Vec3f sun_direction;  ///< toward the sun, length 1
  cv::Vec3f zenith;         ///< of the sky
  cv::Vec3f horizon;
  double cloud_cover = 0;  ///< 0 clear .. 1 overcast
};

/// The state of the sea.
struct Sea {
  /// Root mean square slope of the waves of each octave.
  std::array<double, 4> slopes{};
  std::array<int, 4> tiles{};
  cv::Vec3f upwelling;        ///< color of the water itself, linear
  double whitecap_level = 4;  ///< height in deviations from which crests break
};

/// White water that floats: what a splash or a wake left behind.
struct FoamPatch {
  double x_m = 0;  ///< from the camera's axis to the right
  double distance_m = 20;
  double half_width_m = .5;
  double half_depth_m = .3;
  double strength = .5;  ///< 0..1
};

/// Land at the horizon.
struct Coast {
  bool visible = false;
  double height_deg = 1;  ///< of the highest hill, as seen from the boat
  double haze = .5;       ///< 0 clear .. 1 the color of the horizon
  cv::Vec3f color;        ///< linear
  std::uint64_t seed = 0;
};

/// Where the camera is and what it does to the light.
struct Camera {
  cv::Size size;              ///< of the photo
  double height_m = 2.5;      ///< above the sea
  double focal_px = 5000;     ///< focal length in pixels of the photo
  double horizon_px = 0;      ///< row of the horizon; above the photo if negative
  double exposure_stops = 0;  ///< brighter (positive) or darker than a mean picture
  double contrast = 1;
  double saturation = 1;
  cv::Vec3f white_balance{1, 1, 1};
  double noise = .004;    ///< deviation at mid-gray, share of white
  double blur_px = 0;     ///< focus blur of the whole picture, deviation
  double defocus_px = 0;  ///< blur of what is twice as far as the animal, deviation
  double motion_px = 0;   ///< length of motion blur
  double motion_rad = 0;  ///< direction of it
  int jpeg_quality = 92;
};

/// Everything of a photo but the animals.
struct Scene {
  std::uint64_t seed = 0;
  Light light;
  Sea sea;
  Coast coast;
  Camera camera;
  std::vector<FoamPatch> foam;  ///< in this photo
};

/// Light, sea and coast of an encounter. The camera is left as it is by default.
Scene random_scene(std::uint64_t seed);

/// Waves, slopes and wind stay, the place in the sea changes: another photo of an encounter.
///
/// `distance_m` is how far the animal is that the camera follows, `subject_row` the row of its
/// water line, `focal_px` in pixels of the photo.
void aim_camera(Scene& scene,
                std::uint64_t photo_seed,
                cv::Size size,
                double distance_m,
                double focal_px,
                double subject_row);

/// Linear radiance of the sky at a height above the horizon (sine of the angle, 0..1).
cv::Vec3f sky_radiance(const Light& light, double sine);

}  // namespace finview::synthetic
