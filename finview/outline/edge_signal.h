#pragma once

#include <vector>

namespace finview {

/// A point of an edge; y points down.
struct EdgePoint {
  double x = 0;
  double y = 0;

  friend EdgePoint operator+(EdgePoint a, EdgePoint b) { return {a.x + b.x, a.y + b.y}; }
  friend EdgePoint operator-(EdgePoint a, EdgePoint b) { return {a.x - b.x, a.y - b.y}; }
  friend EdgePoint operator*(double s, EdgePoint a) { return {s * a.x, s * a.y}; }
};

/// An open curve from the tip of a fin to the lower end of an edge, its points equally far apart.
using EdgePoints = std::vector<EdgePoint>;

double dot(EdgePoint a, EdgePoint b);
double cross(EdgePoint a, EdgePoint b);
double norm(EdgePoint a);

double edge_length(const EdgePoints& edge);

/// Smoothed by a Gaussian of `sigma` points. Both ends stay where they are: beyond them the curve
/// goes on as its own image, turned by 180 degrees.
EdgePoints smooth_edge(const EdgePoints& edge, double sigma);

/// The same curve by `count` >= 2 points equally far apart along it; needs 2 points or more.
EdgePoints resample_edge(const EdgePoints& edge, int count);

/// How notch profiles are sampled.
inline constexpr int kNumNotchBands = 4;
inline constexpr int kNumEdgeSamples = 256;

/// What juts out of an edge and what is cut into it, from fine to coarse.
///
/// kNumNotchBands x kNumEdgeSamples, row-major: offsets between copies of the edge smoothed by 0.6,
/// 1.4, 3, 7 and 15 % of its length, as share of its length, outward positive; samples at equal
/// steps of height from the tip to the lower end. Needs 3 points or more.
///
/// @param outward  1 where the outside lies to the right of the picture, -1 where to its left
std::vector<float> notch_profile(const EdgePoints& edge, double outward);

/// Notch profiles of pieces of an edge: from 0 or 2 % of its length to 100, 90, 80 or 70 %. The tip
/// is seldom found exactly, and the lower end in one photo is seldom that in another.
/// FinEdge::kNumViews x kNumNotchBands x kNumEdgeSamples; needs 20 points or more.
std::vector<float> edge_view_profiles(const EdgePoints& edge, double outward);

/// `values` of the points of `edge` at kNumEdgeSamples equal steps of height, appended to
/// `samples`.
void append_at_equal_heights(const EdgePoints& edge,
                             const std::vector<double>& values,
                             std::vector<float>& samples);

}  // namespace finview
