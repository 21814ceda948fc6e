#pragma once

#include "finview/synthetic/genotype.h"
#include "finview/synthetic/scene.h"

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// Light on wet skin: sun, sky above, water below, mirrored sky and highlights.
class SkinShader {
 public:
  /// `wetness` 0..1; `water` is the color of the sea around.
  SkinShader(const Light& light, const cv::Vec3f& water, double wetness);

  /// Linear radiance toward the camera. `normal` in the camera's frame (x right, y up, z toward
  /// the camera), length 1; `gloss` is noise of mean 0 and deviation 1.
  cv::Vec3f shade(const cv::Vec3f& reflectance, const cv::Vec3f& normal, float gloss) const;

 private:
  cv::Vec3f sun_;
  cv::Vec3f sun_direction_;
  cv::Vec3f half_vector_;
  cv::Vec3f zenith_;
  cv::Vec3f horizon_;
  cv::Vec3f water_;
  float wetness_;
};

/// A fin laid flat, as seen from its side with the head to the right.
struct FinTexture {
  cv::Mat reflectance;  ///< CV_32FC3, linear
  cv::Mat alpha;        ///< CV_32F, 0..1, anti-aliased; runs out softly into the back
  cv::Mat thickness;    ///< CV_32F, half thickness in fin heights
  double px_per_unit = 1;
  cv::Point2d origin;  ///< pixel of fin coordinates (0, 0)
};

/// How scars and patches lighten (positive) or darken the skin; CV_32F, head to the right.
///
/// `origin` is the pixel of fin coordinates (0, 0).
cv::Mat draw_marks(const Genotype& genotype,
                   Side side,
                   double px_per_unit,
                   const cv::Point2d& origin,
                   cv::Size size);

/// Draws outline, pigmentation and scars of one side.
FinTexture draw_fin_texture(const Genotype& genotype,
                            const EdgeCurve& edge,
                            Side side,
                            double px_per_unit);

}  // namespace finview::synthetic
