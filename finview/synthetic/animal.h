#pragma once

#include "finview/synthetic/genotype.h"
#include "finview/synthetic/scene.h"

#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// How an animal lies before the camera.
struct Pose {
  Side side = Side::kLeft;
  double yaw_rad = 0;        ///< head turned toward the camera (positive) or away, up to pi / 2
  double pitch_rad = 0;      ///< head up (positive) or down
  double roll_rad = 0;       ///< fin leaning toward the camera (positive) or away
  double elevation_rad = 0;  ///< how steeply the camera looks down on it
  double fin_px = 200;       ///< height of the fin seen from its side
  cv::Point2d base_px;       ///< place in the photo of the middle of the fin's base
  double arch = .03;         ///< fall of head and shoulders, of the square of the place in radii
  double tail_arch = .03;    ///< of the tail
  double fluke_rad = 0;      ///< flukes raised (positive) or lowered
  double wetness = .8;       ///< 0..1
  double pour = 0;           ///< white water that runs off, 0..1
  double blur_px = 0;        ///< focus blur of this animal alone
  bool has_fin = true;       ///< false: only the body (something that is no fin)
};

/// An animal without water: what of it lies inside the photo.
struct AnimalLayer {
  cv::Rect area;                     ///< of the photo
  cv::Mat radiance;                  ///< CV_32FC3, linear, multiplied by alpha
  cv::Mat alpha;                     ///< CV_32F, of fin and body
  cv::Mat sink;                      ///< CV_32F, how much lower than at the fin the water stands
  cv::Mat fin;                       ///< CV_32F, of the fin above the line where it joins the back
  std::vector<cv::Point2f> outline;  ///< the edge curve in pixels of the photo, point by point
};

/// Draws what of an animal lies inside `frame` (pixels of the photo) and not deep under water.
///
/// A tube with head, flippers and flukes, and the fin as a bent lens of true thickness, seen from
/// any side. `water_px` is the row of the water line in each column of the photo; cost grows with
/// the area above it.
AnimalLayer draw_animal(const Genotype& genotype,
                        const EdgeCurve& edge,
                        const Pose& pose,
                        const Light& light,
                        const cv::Vec3f& water,
                        const cv::Rect& frame,
                        const std::vector<float>& water_px);

}  // namespace finview::synthetic
