#pragma once

#include "finview/synthetic/scene.h"

#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// Where the water stands at one distance, for each column of the photo.
struct WaterLine {
  std::vector<float> surface_px;  ///< row of the surface at that distance
  std::vector<float> cover_px;    ///< from this row down, nearer waves hide what stands there
};

struct SeaPicture {
  cv::Mat radiance;              ///< CV_32FC3, linear, of the camera's size
  std::vector<WaterLine> lines;  ///< as the distances asked for
};

/// How far the waves lift the surface, in pixels of the photo (down positive).
double wave_shift_px(const Scene& scene, double distance_m, double column_px);

/// Sea, sky and coast without animals.
///
/// Wave heights are drawn far to near, so that a wave hides what is behind it (the column order of
/// voxel terrain); reflection by Fresnel's law in Schlick's form, sun glitter by the mirrored ray.
SeaPicture render_sea(const Scene& scene, const std::vector<double>& distances_m);

}  // namespace finview::synthetic
