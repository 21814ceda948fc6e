#pragma once

#include "finview/synthetic/animal.h"
#include "finview/synthetic/mesh.h"

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// Fin coordinates -> photo, for one animal in one pose.
///
/// Lengths are fin heights: x along the body toward the head (0 at the rear end of the fin's base),
/// y up from the fin's base, z out of the flank that is turned to the camera.
class Posture {
 public:
  Posture(const FinShape& shape, const Pose& pose);

  /// Of a point of the body; the fin's own sideways bend is not in it.
  cv::Vec3f place(const cv::Vec3f& point) const;
  /// Direction in the camera's frame (x right, y up, z toward the camera).
  cv::Vec3f turned(const cv::Vec3f& direction) const;
  /// How much lower than at the fin the water stands at the place of `point`, pixels.
  float sink(const cv::Vec3f& point) const;
  /// Of a point of the fin, `side` off its middle plane.
  cv::Vec3f on_fin(double x, double y, double side) const;

 private:
  cv::Vec3f level(const cv::Vec3f& direction) const;

  double bend_;
  float middle_;
  float mirror_;
  float unit_px_;
  cv::Vec2f base_px_;
  float cos_yaw_, sin_yaw_, cos_pitch_, sin_pitch_, cos_roll_, sin_roll_, cos_view_, sin_view_;
};

/// Skin of trunk, head and tail: a tube. `surface` of a vertex is x, the height within the section,
/// -1 (belly) .. 1 (back), and the way from the ridge of the back around it, fin heights.
Mesh trunk_mesh(const FinShape& shape, const Pose& pose, const Posture& posture);

/// Both flukes and both flippers; `surface` is place across and along the blade, 0..1, and 0.
Mesh blade_mesh(const FinShape& shape, const Pose& pose, const Posture& posture);

}  // namespace finview::synthetic
