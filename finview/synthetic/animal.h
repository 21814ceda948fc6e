#pragma once

#include "finview/synthetic/genotype.h"
#include "finview/synthetic/scene.h"

#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// How an animal lies before the camera.
struct Pose {
  Side side = Side::kLeft;
  double yaw_rad = 0;    ///< head turned toward the camera (positive) or away; at most 1.2
  double pitch_rad = 0;  ///< head up (positive) or down
  double roll_rad = 0;   ///< fin leaning toward the camera (positive) or away
  double fin_px = 200;   ///< height of the fin seen from its side
  cv::Point2d base_px;   ///< place in the photo of the middle of the fin's base
  double arch = .03;     ///< bend of the back
  double wetness = .8;   ///< 0..1
  double blur_px = 0;    ///< focus blur of this animal alone
  bool has_fin = true;   ///< false: only the back (something that is no fin)
};

/// An animal without water: what of it lies inside the photo.
struct AnimalLayer {
  cv::Rect area;                     ///< of the photo
  cv::Mat radiance;                  ///< CV_32FC3, linear, multiplied by alpha
  cv::Mat alpha;                     ///< CV_32F, of fin and back
  cv::Mat fin;                       ///< CV_32F, of the fin above the line where it joins the back
  std::vector<cv::Point2f> outline;  ///< the edge curve in pixels of the photo, point by point
};

/// Draws what of fin and back lies inside `frame` (pixels of the photo).
///
/// Each pixel is mapped back to the animal: cost grows with the area.
///
/// The fin is a bent lens of true thickness, drawn as slices from far to near when it is turned.
AnimalLayer draw_animal(const Genotype& genotype,
                        const EdgeCurve& edge,
                        const Pose& pose,
                        const Light& light,
                        const cv::Vec3f& water,
                        const cv::Rect& frame);

}  // namespace finview::synthetic
