#include "finview/synthetic/posture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <opencv2/core.hpp>

namespace finview::synthetic {
namespace {

/// Radius of the body by its place from nose (0) to the root of the flukes (1), in greatest radii,
/// roughly as a bottlenose dolphin's.
constexpr std::array<std::pair<double, double>, 17> kGirth = {{{0, .06},
                                                               {.012, .12},
                                                               {.045, .16},
                                                               {.055, .27},
                                                               {.068, .40},
                                                               {.09, .51},
                                                               {.15, .66},
                                                               {.25, .88},
                                                               {.35, .98},
                                                               {.45, 1.0},
                                                               {.55, .96},
                                                               {.65, .80},
                                                               {.75, .56},
                                                               {.84, .35},
                                                               {.92, .20},
                                                               {.97, .13},
                                                               {1, .07}}};
constexpr double kNose = 4.4;   ///< from the middle of the fin's base, greatest radii
constexpr double kTail = -5.0;  ///< root of the flukes

double girth(double t) {
  std::size_t i = 1;
  while (i + 1 < kGirth.size() && kGirth[i].first < t) ++i;
  const auto& [t0, r0] = kGirth[i - 1];
  const auto& [t1, r1] = kGirth[i];
  const double u = std::clamp((t - t0) / (t1 - t0), 0., 1.);
  return r0 + (r1 - r0) * u;
}

/// Half height of the body and height of its middle line at `t` of the length.
struct Section {
  double x;
  double middle;
  double half_height;
  double half_width;
};

Section section(const FinShape& shape, const Pose& pose, double t) {
  const double radius = shape.back_radius;
  // Smoothed between the stations of the table, but not across the crease behind the beak.
  const double half = t < .1 ? .004 : .017;
  const double g = .25 * girth(t - half) + .5 * girth(t) + .25 * girth(t + half);
  const double along = (kNose + (kTail - kNose) * t) * radius;
  // Straight under the fin, so that its foot stands on the back.
  const double beyond = std::max(0., std::abs(along) - .85 * shape.base_length) / radius;
  const double fall = (along > 0 ? pose.arch : pose.tail_arch) * beyond * beyond * radius;
  Section result{};
  result.x = along + shape.base_length / 2;
  result.half_height = g * radius;
  // The tail is high and narrow.
  result.half_width = result.half_height * (t < .6 ? 1. : 1. - .55 * (t - .6) / .4);
  result.middle = -radius - fall + (t < .5 ? -.25 * (1 - g) * radius : .12 * (1 - g) * radius);
  // The top of the back stays where the fin stands.
  result.middle += (1 - g) * radius * std::exp(-beyond * beyond / .5);
  return result;
}

/// A blade from `root` along `out`, as wide as `chord` at its root, swept back along -x.
void add_blade(const Posture& posture,
               const cv::Vec3f& root,
               const cv::Vec3f& out,
               const cv::Vec3f& back,
               double length,
               double chord,
               Mesh& mesh) {
  constexpr std::size_t kSpan = 14;
  constexpr std::size_t kChord = 4;
  const std::size_t first = mesh.vertices.size();
  cv::Vec3f normal = posture.turned(out.cross(back));
  normal *= 1 / static_cast<float>(std::max(1e-6, cv::norm(normal)));
  if (normal[2] < 0) normal = -normal;
  for (std::size_t i = 0; i < kSpan; ++i) {
    const double s = static_cast<double>(i) / (kSpan - 1);
    const double front = .75 * std::pow(s, 1.6);                // leading edge sweeps back
    const double rear = chord * (1 - .35 * s) + .45 * s * s;    // hollow trailing edge
    const double end = rear + (front - rear) * std::pow(s, 5);  // they meet at the tip
    for (std::size_t k = 0; k < kChord; ++k) {
      const double across = static_cast<double>(k) / (kChord - 1);
      const double place = front * chord + (end - front * chord) * across;
      const cv::Vec3f point =
          root + out * static_cast<float>(s * length) + back * static_cast<float>(place * length);
      Vertex vertex;
      vertex.place = posture.place(point);
      vertex.normal = normal;
      vertex.surface = {static_cast<float>(across), static_cast<float>(s), 0.f};
      vertex.sink = posture.sink(point);
      mesh.vertices.push_back(vertex);
    }
  }
  mesh.add_grid(first, kSpan, kChord);
}

}  // namespace

Posture::Posture(const FinShape& shape, const Pose& pose)
    : bend_(shape.bend),
      middle_(static_cast<float>(shape.base_length / 2)),
      mirror_(pose.side == Side::kLeft ? -1.f : 1.f),
      unit_px_(static_cast<float>(pose.fin_px)),
      base_px_(static_cast<float>(pose.base_px.x), static_cast<float>(pose.base_px.y)),
      cos_yaw_(static_cast<float>(std::cos(pose.yaw_rad))),
      sin_yaw_(static_cast<float>(std::sin(pose.yaw_rad))),
      cos_pitch_(static_cast<float>(std::cos(pose.pitch_rad))),
      sin_pitch_(static_cast<float>(std::sin(pose.pitch_rad))),
      cos_roll_(static_cast<float>(std::cos(pose.roll_rad))),
      sin_roll_(static_cast<float>(std::sin(pose.roll_rad))),
      cos_view_(static_cast<float>(std::cos(pose.elevation_rad))),
      sin_view_(static_cast<float>(std::sin(pose.elevation_rad))) {}

/// Rolled, pitched and yawed: x to the head's side of the picture, y up, z toward the camera.
cv::Vec3f Posture::level(const cv::Vec3f& d) const {
  const float up = d[1] * cos_roll_ - d[2] * sin_roll_;
  const float side = d[1] * sin_roll_ + d[2] * cos_roll_;
  const float ahead = d[0] * cos_pitch_ - up * sin_pitch_;
  const float high = d[0] * sin_pitch_ + up * cos_pitch_;
  return {ahead * cos_yaw_ - side * sin_yaw_, high, ahead * sin_yaw_ + side * cos_yaw_};
}

cv::Vec3f Posture::turned(const cv::Vec3f& direction) const {
  const cv::Vec3f v = level(direction);
  return {mirror_ * v[0], v[1] * cos_view_ - v[2] * sin_view_, v[1] * sin_view_ + v[2] * cos_view_};
}

cv::Vec3f Posture::place(const cv::Vec3f& point) const {
  const cv::Vec3f v = turned({point[0] - middle_, point[1], point[2]});
  return {base_px_[0] + unit_px_ * v[0], base_px_[1] - unit_px_ * v[1], unit_px_ * v[2]};
}

float Posture::sink(const cv::Vec3f& point) const {
  return unit_px_ * sin_view_ * level({point[0] - middle_, point[1], point[2]})[2];
}

cv::Vec3f Posture::on_fin(double x, double y, double side) const {
  return {static_cast<float>(x),
          static_cast<float>(y),
          static_cast<float>(bend_ * y * std::abs(y) + side)};
}

Mesh trunk_mesh(const FinShape& shape, const Pose& pose, const Posture& posture) {
  constexpr std::size_t kStations = 90;
  constexpr std::size_t kAround = 40;
  Mesh mesh;
  std::vector<cv::Vec3f> points;
  std::vector<cv::Vec3f> middles;
  for (std::size_t i = 0; i < kStations; ++i) {
    const Section at = section(shape, pose, static_cast<double>(i) / (kStations - 1));
    middles.emplace_back(static_cast<float>(at.x), static_cast<float>(at.middle), 0.f);
    for (std::size_t k = 0; k < kAround; ++k) {
      const double angle = 2 * M_PI * static_cast<double>(k) / (kAround - 1);
      points.emplace_back(static_cast<float>(at.x),
                          static_cast<float>(at.middle + at.half_height * std::cos(angle)),
                          static_cast<float>(at.half_width * std::sin(angle)));
    }
  }
  for (std::size_t i = 0; i < kStations; ++i) {
    for (std::size_t k = 0; k < kAround; ++k) {
      const std::size_t row_before = i == 0 ? 0 : i - 1;
      const std::size_t row_after = std::min(kStations - 1, i + 1);
      const cv::Vec3f along = points[row_before * kAround + k] - points[row_after * kAround + k];
      const cv::Vec3f around = points[i * kAround + (k + 1) % (kAround - 1)] -
                               points[i * kAround + (k + kAround - 2) % (kAround - 1)];
      const cv::Vec3f& point = points[i * kAround + k];
      cv::Vec3f normal = around.cross(along);
      const double outward = normal.dot(point - middles[i]) < 0 ? -1 : 1;
      normal *= static_cast<float>(outward / std::max(1e-9, cv::norm(normal)));
      Vertex vertex;
      vertex.place = posture.place(point);
      vertex.normal = posture.turned(normal);
      const double angle = 2 * M_PI * static_cast<double>(k) / (kAround - 1);
      vertex.surface = {point[0],
                        static_cast<float>(std::cos(angle)),
                        static_cast<float>(angle * shape.back_radius)};
      vertex.sink = posture.sink(point);
      mesh.vertices.push_back(vertex);
    }
  }
  mesh.add_grid(0, kStations, kAround);
  return mesh;
}

Mesh blade_mesh(const FinShape& shape, const Pose& pose, const Posture& posture) {
  Mesh mesh;
  const double radius = shape.back_radius;
  const Section tail = section(shape, pose, .985);
  const Section chest = section(shape, pose, .27);
  const auto c = static_cast<float>(std::cos(pose.fluke_rad));
  const auto s = static_cast<float>(std::sin(pose.fluke_rad));
  for (const float side : {-1.f, 1.f}) {
    add_blade(posture,
              {static_cast<float>(tail.x + .25 * radius), static_cast<float>(tail.middle), 0},
              cv::Vec3f(0, 0, side),
              cv::Vec3f(-c, s, 0),
              1.0 * radius,
              .62,
              mesh);
    add_blade(posture,
              {static_cast<float>(chest.x),
               static_cast<float>(chest.middle - .62 * chest.half_height),
               side * static_cast<float>(.7 * chest.half_width)},
              cv::Vec3f(-.35f, -.75f, .55f * side),
              cv::Vec3f(-.95f, .05f, 0),
              1.15 * radius,
              .42,
              mesh);
  }
  return mesh;
}

}  // namespace finview::synthetic
