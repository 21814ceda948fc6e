#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// A corner of a surface before the camera.
struct Vertex {
  cv::Vec3f place;    ///< pixels: x right, y down, z toward the camera
  cv::Vec3f normal;   ///< camera frame, y up
  cv::Vec3f surface;  ///< coordinates on the surface
  float sink = 0;     ///< how much lower than at the fin the water stands here, pixels
};

/// A surface of triangles.
struct Mesh {
  std::vector<Vertex> vertices;
  std::vector<std::array<std::size_t, 3>> triangles;

  /// Adds the triangles of a grid of `rows` x `columns` vertices that begins at vertex `first`.
  void add_grid(std::size_t first, std::size_t rows, std::size_t columns) {
    for (std::size_t r = 0; r + 1 < rows; ++r) {
      for (std::size_t c = 0; c + 1 < columns; ++c) {
        const std::size_t corner = first + r * columns + c;
        triangles.push_back({corner, corner + 1, corner + columns});
        triangles.push_back({corner + 1, corner + columns + 1, corner + columns});
      }
    }
  }
};

/// Interpolates the vertices at every pixel center that a triangle covers, unless the triangle is
/// turned away from the camera. Calls `accept(column, row, vertex)` with depth (`place[2]`) and
/// sink alone, then `paint(column, row, vertex)` with normal and surface too where that says yes.
///
/// Columns and rows count from the corner of `area`. A pixel on the line between two triangles may
/// be called twice.
template <class Accept, class Paint>
void rasterize(const Mesh& mesh, const cv::Rect& area, const Accept& accept, const Paint& paint) {
  for (const auto& triangle : mesh.triangles) {
    const Vertex& a = mesh.vertices[triangle[0]];
    const Vertex& b = mesh.vertices[triangle[1]];
    const Vertex& c = mesh.vertices[triangle[2]];
    if (std::max({a.normal[2], b.normal[2], c.normal[2]}) < 0) continue;
    const float ux = b.place[0] - a.place[0];
    const float uy = b.place[1] - a.place[1];
    const float vx = c.place[0] - a.place[0];
    const float vy = c.place[1] - a.place[1];
    const float twice_area = ux * vy - uy * vx;
    if (std::abs(twice_area) < 1e-6f) continue;
    const float inverse = 1 / twice_area;
    const auto [low_x, high_x] = std::minmax({a.place[0], b.place[0], c.place[0]});
    const auto [low_y, high_y] = std::minmax({a.place[1], b.place[1], c.place[1]});
    const int first_x = std::max(area.x, static_cast<int>(std::ceil(low_x - .5f)));
    const int last_x = std::min(area.br().x - 1, static_cast<int>(std::floor(high_x - .5f)));
    const int first_y = std::max(area.y, static_cast<int>(std::ceil(low_y - .5f)));
    const int last_y = std::min(area.br().y - 1, static_cast<int>(std::floor(high_y - .5f)));
    for (int y = first_y; y <= last_y; ++y) {
      const float dx = static_cast<float>(first_x) + .5f - a.place[0];
      const float dy = static_cast<float>(y) + .5f - a.place[1];
      float s = (dx * vy - dy * vx) * inverse;
      float t = (ux * dy - uy * dx) * inverse;
      bool was_inside = false;
      for (int x = first_x; x <= last_x; ++x, s += vy * inverse, t -= uy * inverse) {
        if (s < 0 || t < 0 || s + t > 1) {
          if (was_inside) break;
          continue;
        }
        was_inside = true;
        Vertex at;
        at.place[2] = a.place[2] + (b.place[2] - a.place[2]) * s + (c.place[2] - a.place[2]) * t;
        at.sink = a.sink + (b.sink - a.sink) * s + (c.sink - a.sink) * t;
        if (!accept(x - area.x, y - area.y, at)) continue;
        at.normal = a.normal + (b.normal - a.normal) * s + (c.normal - a.normal) * t;
        at.surface = a.surface + (b.surface - a.surface) * s + (c.surface - a.surface) * t;
        paint(x - area.x, y - area.y, at);
      }
    }
  }
}

}  // namespace finview::synthetic
