#include "finview/synthetic/animal.h"

#include "finview/synthetic/noise.h"
#include "finview/synthetic/random.h"
#include "finview/synthetic/skin.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

/// Fin coordinates <-> photo. Lengths are fin heights; x along the body from the middle of the
/// fin's base, y up, z toward the camera.
class Projection {
 public:
  Projection(const FinShape& shape, const Pose& pose)
      : shape_(shape),
        pose_(pose),
        mirror_(pose.side == Side::kLeft ? -1 : 1),
        cos_yaw_(std::cos(pose.yaw_rad)),
        sin_yaw_(std::sin(pose.yaw_rad)),
        cos_pitch_(std::cos(pose.pitch_rad)),
        sin_pitch_(std::sin(pose.pitch_rad)),
        cos_roll_(std::cos(pose.roll_rad)),
        sin_roll_(std::sin(pose.roll_rad)) {}

  cv::Point2d photo_from_fin(double x, double y, double z) const {
    const double radius = shape_.back_radius;
    const double side = shape_.bend * y * std::abs(y) + z;
    const double up = (y + radius) * cos_roll_ - side * sin_roll_ - radius;
    const double near = (y + radius) * sin_roll_ + side * cos_roll_;
    const double along = (x - shape_.base_length / 2) * cos_yaw_ - near * sin_yaw_;
    return {pose_.base_px.x + mirror_ * pose_.fin_px * (along * cos_pitch_ - up * sin_pitch_),
            pose_.base_px.y - pose_.fin_px * (along * sin_pitch_ + up * cos_pitch_)};
  }

  /// Along the body and up in the picture's plane, for a pixel.
  cv::Point2d plane(double x_px, double y_px) const {
    const double dx = (x_px - pose_.base_px.x) * mirror_ / pose_.fin_px;
    const double dy = -(y_px - pose_.base_px.y) / pose_.fin_px;
    return {dx * cos_pitch_ + dy * sin_pitch_, dy * cos_pitch_ - dx * sin_pitch_};
  }

  /// Fin coordinates of a point of the picture's plane, on the slice at `z`.
  cv::Point2d fin_from_plane(const cv::Point2d& point, double z) const {
    const double radius = shape_.back_radius;
    double y = point.y;
    double side = z;
    for (int i = 0; i < 2; ++i) {
      side = shape_.bend * y * std::abs(y) + z;
      y = (point.y + radius + side * sin_roll_) / cos_roll_ - radius;
    }
    const double near = (y + radius) * sin_roll_ + side * cos_roll_;
    return {(point.x + near * sin_yaw_) / cos_yaw_ + shape_.base_length / 2, y};
  }

  /// Along the body, for a point of the plane at a lateral distance from the body's axis.
  double body_x(double along, double lateral) const {
    return (along + lateral * sin_yaw_) / cos_yaw_ + shape_.base_length / 2;
  }

  /// A normal of the fin (roll counts) or of the back (a body of revolution: it does not).
  cv::Vec3f camera_normal(float x, float y, float z, bool rolled) const {
    const auto cr = static_cast<float>(rolled ? cos_roll_ : 1);
    const auto sr = static_cast<float>(rolled ? sin_roll_ : 0);
    const float up = y * cr - z * sr;
    const float near = y * sr + z * cr;
    const auto cy = static_cast<float>(cos_yaw_);
    const auto sy = static_cast<float>(sin_yaw_);
    const auto cp = static_cast<float>(cos_pitch_);
    const auto sp = static_cast<float>(sin_pitch_);
    const float along = x * cy - near * sy;
    return {static_cast<float>(mirror_) * (along * cp - up * sp),
            along * sp + up * cp,
            x * sy + near * cy};
  }

  double slice_spread_px(double half_thickness) const {
    return 2 * half_thickness * pose_.fin_px * (std::abs(sin_yaw_) + std::abs(sin_roll_));
  }

 private:
  const FinShape& shape_;
  const Pose& pose_;
  double mirror_;
  double cos_yaw_, sin_yaw_, cos_pitch_, sin_pitch_, cos_roll_, sin_roll_;
};

/// Height of the top of the back and radius of the body, along the body.
struct BackProfile {
  double top;
  double radius;
};

BackProfile exact_back(const FinShape& shape, double arch, double x) {
  const double half_length = 5.2 * shape.back_radius;
  const double t = std::min(1., std::abs(x - shape.base_length / 2) / half_length);
  const double radius = shape.back_radius * std::pow(1 - t * t, .6);
  // Straight under the fin, so that its foot stands on the back.
  const double beyond = std::max(0., std::abs(x - shape.base_length / 2) - shape.base_length * .6);
  return {radius - shape.back_radius - arch * beyond * beyond / shape.back_radius, radius};
}

/// The same, tabulated: it is asked for each pixel.
class BackTable {
 public:
  BackTable(const FinShape& shape, double arch)
      : start_(shape.base_length / 2 - 5.3 * shape.back_radius),
        per_unit_(kSteps / (10.6 * shape.back_radius)) {
    for (int i = 0; i <= kSteps; ++i) {
      table_[static_cast<std::size_t>(i)] = exact_back(shape, arch, start_ + i / per_unit_);
    }
  }

  BackProfile at(double x) const {
    const double place = std::clamp((x - start_) * per_unit_, 0., kSteps - 1e-6);
    const auto index = static_cast<std::size_t>(place);
    const double t = place - static_cast<double>(index);
    const BackProfile& a = table_[index];
    const BackProfile& b = table_[index + 1];
    return {a.top + (b.top - a.top) * t, a.radius + (b.radius - a.radius) * t};
  }

 private:
  static constexpr int kSteps = 512;
  double start_;
  double per_unit_;
  std::array<BackProfile, kSteps + 1> table_;
};

class AnimalPainter {
 public:
  AnimalPainter(const Genotype& genotype,
                const EdgeCurve& edge,
                const Pose& pose,
                const Light& light,
                const cv::Vec3f& water,
                const cv::Rect& frame)
      : genotype_(genotype),
        edge_(edge),
        pose_(pose),
        projection_(genotype.shape, pose),
        back_(genotype.shape, pose.arch),
        gloss_(static_cast<float>(std::min(1., pose.fin_px / 150))),
        shader_(light, water, pose.wetness) {
    layer_.area = extent() & frame;
    layer_.radiance = cv::Mat::zeros(layer_.area.size(), CV_32FC3);
    layer_.alpha = cv::Mat::zeros(layer_.area.size(), CV_32F);
    layer_.fin = cv::Mat::zeros(layer_.area.size(), CV_32F);
  }

  AnimalLayer paint() {
    for (const cv::Point2d& point : edge_.points) {
      layer_.outline.push_back(projection_.photo_from_fin(point.x, point.y, 0));
    }
    if (layer_.area.empty()) return std::move(layer_);
    paint_back();
    if (pose_.has_fin) paint_fin();
    if (pose_.blur_px > .3) {
      for (cv::Mat* picture : {&layer_.radiance, &layer_.alpha}) {
        cv::GaussianBlur(*picture, *picture, {}, pose_.blur_px, 0, cv::BORDER_REPLICATE);
      }
    }
    return std::move(layer_);
  }

 private:
  cv::Rect extent() const {
    std::vector<cv::Point2f> corners;
    const double reach = 4.2 * genotype_.shape.back_radius;
    for (const double x : {-reach, reach + genotype_.shape.base_length}) {
      for (const double y : {-1.4, .1}) corners.push_back(projection_.photo_from_fin(x, y, 0));
    }
    const cv::Rect fin = fin_extent();
    corners.emplace_back(fin.tl());
    corners.emplace_back(fin.br());
    return cv::boundingRect(corners);
  }

  cv::Rect fin_extent() const {
    std::vector<cv::Point2f> points;
    const double thick = genotype_.shape.thickness;
    for (std::size_t i = 0; i < edge_.points.size(); i += 9) {
      for (const double z : {-thick, thick}) {
        points.push_back(projection_.photo_from_fin(edge_.points[i].x, edge_.points[i].y, z));
      }
    }
    for (const cv::Point2d& end : {edge_.points.front(), edge_.points.back()}) {
      points.push_back(projection_.photo_from_fin(end.x, -.3, 0));
    }
    const cv::Rect box = cv::boundingRect(points);
    const int pad = 2 + static_cast<int>(.04 * pose_.fin_px);
    return {box.x - pad, box.y - pad, box.width + 2 * pad, box.height + 2 * pad};
  }

  cv::Vec3f back_color(double x, double v) const {
    const auto noise_u =
        static_cast<float>(.05 * x + 1e-6 * static_cast<double>(genotype_.seed % 997));
    const float streak = sample_tile(cloud_tile(), noise_u, static_cast<float>(.22 * v));
    const auto low = static_cast<float>(std::clamp((.08 - v + .05 * streak) / .35, 0., 1.));
    cv::Vec3f color = genotype_.skin * std::exp(.08f * streak) * (1 - low) + genotype_.flank * low;
    if (genotype_.saddle > 0) {
      const double inside = 1 - std::hypot((x + .55) / .55, (v - .75) / .35) - .1 * streak;
      const auto amount = static_cast<float>(genotype_.saddle * std::clamp(3 * inside, 0., 1.));
      color = color * (1 - amount) + cv::Vec3f(.25f, .25f, .25f) * amount;
    }
    return color;
  }

  void paint_back() {
    Random random(derive_seed(genotype_.seed, {0xbac}));
    const auto v0 = static_cast<float>(random.unit());
    for (int row = 0; row < layer_.area.height; ++row) {
      auto* radiance = layer_.radiance.ptr<cv::Vec3f>(row);
      auto* alpha = layer_.alpha.ptr<float>(row);
      for (int column = 0; column < layer_.area.width; ++column) {
        const cv::Point2d point =
            projection_.plane(layer_.area.x + column + .5, layer_.area.y + row + .5);
        if (point.y > .1) continue;
        double x = projection_.body_x(point.x, 0);
        BackProfile back = back_.at(x);
        if (back.radius < .05) continue;
        double v = std::clamp((point.y - back.top) / back.radius + 1, -1., 1.);
        x = projection_.body_x(point.x, std::sqrt(1 - v * v) * back.radius);
        back = back_.at(x);
        if (back.radius < .05) continue;
        v = (point.y - back.top) / back.radius + 1;
        const double inside_px = (1 - v) * back.radius * pose_.fin_px + .5;
        if (inside_px <= 0 || v < -.6) continue;
        v = std::min(v, .9995);
        const auto fv = static_cast<float>(v);
        const float lateral = std::sqrt(1 - fv * fv);
        const float gloss =
            gloss_ * sample_tile(foam_tile(), static_cast<float>(.10 * x), v0 + .35f * fv);
        const cv::Vec3f normal =
            projection_.camera_normal(static_cast<float>(.03 * gloss), fv, lateral, false);
        alpha[column] = static_cast<float>(std::min(1., inside_px));
        radiance[column] = shader_.shade(back_color(x, v), normal, gloss) * alpha[column];
      }
    }
  }

  /// Shaded skin and alpha, flat; CV_32FC4, multiplied by alpha.
  cv::Mat shaded(const FinTexture& texture) const {
    cv::Mat flat(texture.alpha.size(), CV_32FC4);
    Random random(derive_seed(genotype_.seed, {0x910, static_cast<std::uint64_t>(pose_.side)}));
    const auto u0 = static_cast<float>(random.unit());
    const auto scale = static_cast<float>(texture.px_per_unit);
    for (int y = 0; y < flat.rows; ++y) {
      const auto* above = texture.thickness.ptr<float>(std::max(0, y - 1));
      const auto* here = texture.thickness.ptr<float>(y);
      const auto* below = texture.thickness.ptr<float>(std::min(flat.rows - 1, y + 1));
      const auto* reflectance = texture.reflectance.ptr<cv::Vec3f>(y);
      const auto* alpha = texture.alpha.ptr<float>(y);
      auto* out = flat.ptr<cv::Vec4f>(y);
      // Toward its base the fin widens into the back and faces up.
      const auto height = static_cast<float>((texture.origin.y - y) / texture.px_per_unit);
      const float flare = .6f * std::exp(-std::max(0.f, height + .05f) / .07f);
      for (int x = 0; x < flat.cols; ++x) {
        if (alpha[x] <= 0) {
          out[x] = {};
          continue;
        }
        const float u = static_cast<float>(x) / scale;
        const float v = static_cast<float>(y) / scale;
        const float gloss = gloss_ * sample_tile(foam_tile(), u0 + .16f * u, .33f * v);
        const float bump = .03f * gloss;
        const float nx =
            .5f * scale * (here[std::max(0, x - 1)] - here[std::min(flat.cols - 1, x + 1)]) + bump;
        const float ny = .5f * scale * (below[x] - above[x]) + bump + flare;
        const float inverse = 1 / std::sqrt(1 + nx * nx + ny * ny);
        const cv::Vec3f normal =
            projection_.camera_normal(nx * inverse, ny * inverse, inverse, true);
        const cv::Vec3f color = shader_.shade(reflectance[x], normal, gloss) * alpha[x];
        out[x] = {color[0], color[1], color[2], alpha[x]};
      }
    }
    return flat;
  }

  void paint_fin() {
    const cv::Rect box = fin_extent() & layer_.area;
    if (box.empty()) return;
    const FinTexture texture =
        draw_fin_texture(genotype_, edge_, pose_.side, std::clamp(1.1 * pose_.fin_px, 24., 1600.));
    const cv::Mat flat = shaded(texture);
    const double thick = genotype_.shape.thickness;
    // An odd number: the middle slice carries the outline.
    const int num_slices =
        1 + 2 * std::clamp(static_cast<int>(projection_.slice_spread_px(thick) / 6), 0, 2);
    cv::Mat map(box.size(), CV_32FC2);
    cv::Mat above(box.size(), CV_32F);
    map_fin(texture, box, map, above);
    for (int i = 0; i < num_slices; ++i) {
      const double z = num_slices == 1 ? 0 : thick * (2. * i / (num_slices - 1) - 1) * .96;
      const cv::Point2d shift =
          (projection_.fin_from_plane({0, 0}, z) - projection_.fin_from_plane({0, 0}, 0)) *
          texture.px_per_unit;
      paint_slice(texture, flat, map + cv::Scalar(shift.x, -shift.y), above, box, z);
    }
  }

  /// Where each pixel lies in the texture, and whether it is above the base line of the fin.
  void map_fin(const FinTexture& texture, const cv::Rect& box, cv::Mat& map, cv::Mat& above) const {
    for (int row = 0; row < box.height; ++row) {
      auto* place = map.ptr<cv::Vec2f>(row);
      auto* part = above.ptr<float>(row);
      for (int column = 0; column < box.width; ++column) {
        const cv::Point2d fin =
            projection_.fin_from_plane(projection_.plane(box.x + column + .5, box.y + row + .5), 0);
        place[column] = {static_cast<float>(texture.origin.x + fin.x * texture.px_per_unit - .5),
                         static_cast<float>(texture.origin.y - fin.y * texture.px_per_unit - .5)};
        part[column] = static_cast<float>(std::clamp(fin.y * pose_.fin_px + .5, 0., 1.));
      }
    }
  }

  void paint_slice(const FinTexture& texture,
                   const cv::Mat& flat,
                   const cv::Mat& map,
                   const cv::Mat& above,
                   const cv::Rect& box,
                   double z) {
    cv::Mat slice = flat;
    if (z != 0) {
      slice = flat.clone();
      for (int y = 0; y < slice.rows; ++y) {
        const auto* thickness = texture.thickness.ptr<float>(y);
        auto* row = slice.ptr<cv::Vec4f>(y);
        for (int x = 0; x < slice.cols; ++x) {
          row[x] *= std::clamp((thickness[x] - static_cast<float>(std::abs(z))) *
                                       static_cast<float>(texture.px_per_unit) * 2 +
                                   .5f,
                               0.f,
                               1.f);
        }
      }
    }
    cv::Mat seen;
    cv::remap(slice, seen, map, {}, cv::INTER_LINEAR, cv::BORDER_CONSTANT);
    put(seen, above, box);
  }

  void put(const cv::Mat& seen, const cv::Mat& above, const cv::Rect& box) {
    const cv::Rect inner = box - layer_.area.tl();
    for (int row = 0; row < box.height; ++row) {
      const auto* color = seen.ptr<cv::Vec4f>(row);
      const auto* part = above.ptr<float>(row);
      auto* radiance = layer_.radiance.ptr<cv::Vec3f>(inner.y + row) + inner.x;
      auto* alpha = layer_.alpha.ptr<float>(inner.y + row) + inner.x;
      auto* fin = layer_.fin.ptr<float>(inner.y + row) + inner.x;
      for (int x = 0; x < box.width; ++x) {
        const float rest = 1 - color[x][3];
        radiance[x] = radiance[x] * rest + cv::Vec3f(color[x][0], color[x][1], color[x][2]);
        alpha[x] = alpha[x] * rest + color[x][3];
        fin[x] = fin[x] * rest + color[x][3] * part[x];
      }
    }
  }

  const Genotype& genotype_;
  const EdgeCurve& edge_;
  const Pose& pose_;
  Projection projection_;
  BackTable back_;
  float gloss_;  ///< strength of ripples in the gloss that are not finer than a pixel
  SkinShader shader_;
  AnimalLayer layer_;
};

}  // namespace

AnimalLayer draw_animal(const Genotype& genotype,
                        const EdgeCurve& edge,
                        const Pose& pose,
                        const Light& light,
                        const cv::Vec3f& water,
                        const cv::Rect& frame) {
  return AnimalPainter(genotype, edge, pose, light, water, frame).paint();
}

}  // namespace finview::synthetic
