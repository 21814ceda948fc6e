#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

enum class Species {
  kBottlenose,
  kCommon,
  kDusky,
  kRissos,
  kHectors,
  kOrcaMale,
  kOrcaFemale,
  kWhiteShark
};

/// "bottlenose", "common", "dusky", "rissos", "hectors", "orca_male", "orca_female",
/// "white_shark", in the order of the enum.
const std::vector<std::string>& species_names();

/// Throws Error{kBadOptions} that lists the names there are.
Species parse_species(std::string_view name);

/// The flank turned to the camera: the left one has its head at the left of the photo.
enum class Side { kLeft, kRight };

enum class NotchShape { kSharp, kRound, kStep };

/// A piece missing from (or standing out of) an edge.
struct Notch {
  double position = 0;    ///< 0 at the tip, 1 at the base, along the edge
  double width = 0;       ///< share of the edge's length
  double depth = 0;       ///< share of the edge's length; negative = a spur that stands out
  double asymmetry = .5;  ///< where the deepest point lies within the width, 0..1
  NotchShape shape = NotchShape::kSharp;
};

/// A line in the skin; a tooth rake is several parallel ones.
struct Scar {
  cv::Point2d middle;    ///< fin coordinates
  double angle_rad = 0;  ///< of the middle; 0 = along the body
  double length = 0;     ///< fin heights
  double bend = 0;       ///< change of angle from end to end, radians
  double width = 0;      ///< fin heights
  double contrast = 0;   ///< -1 (black) .. 1 (white)
};

/// A patch of other color with a soft, irregular border.
struct Blotch {
  cv::Point2d middle;  ///< fin coordinates
  double radius_x = 0;
  double radius_y = 0;
  double angle_rad = 0;
  double contrast = 0;  ///< -1 (black) .. 1 (white)
  double softness = 0;  ///< width of the border, share of the radius
  std::uint64_t seed = 0;
};

/// The shape of a fin and of the back below it, without marks.
///
/// Fin coordinates: unit = height of the fin, y up from the line where it joins the back, x toward
/// the head from the rear end of that line.
struct FinShape {
  double height_m = .28;
  double base_length = 1.25;
  double lead_power = .6;    ///< below 1: convex leading edge; 1: straight
  double tip_x = 0;          ///< negative: the tip hangs over the rear end
  double falcation = .2;     ///< how hollow the trailing edge is; negative: convex
  double tip_radius = .025;  ///< rounding of the tip
  double thickness = .06;    ///< half of the greatest thickness
  double bend = 0;           ///< sideways lean of the tip
  double back_radius = 1;    ///< radius of the body under the fin
};

/// Everything that makes an individual.
///
/// Both sides share shape, notches and nicks; `scars` and `blotches` are per side.
struct Genotype {
  std::uint64_t seed = 0;
  Species species = Species::kBottlenose;
  FinShape shape;
  std::vector<Notch> notches;  ///< of the trailing edge
  std::vector<Notch> tatters;  ///< a row of deep, narrow cuts into it; one animal in sixteen
  std::vector<Notch> nicks;    ///< of the leading edge
  double tip_cut = 1;          ///< height at which the tip is missing; 1 = whole
  bool smooth_edges = false;   ///< no notch, now or later
  double roughness = 0;        ///< irregularity of the trailing edge, share of its length
  cv::Vec3f skin;              ///< linear reflectance, BGR
  cv::Vec3f flank;             ///< of the lower half of the body
  double saddle = 0;           ///< strength of the pale saddle behind the fin, 0..1
  double blaze = 0;            ///< of the pale flame that rises from the flank to the fin, 0..1
  double speckle = 0;          ///< 0..1
  double tip_contrast = 0;     ///< -1..1, toward black or white at the tip
  std::array<std::vector<Scar>, 2> scars;       ///< by Side
  std::array<std::vector<Blotch>, 2> blotches;  ///< by Side
};

/// An individual: the same for the same seed.
///
/// Notches follow docs/synthetic.md: Poisson(5), width .8 to 7 % of the edge log-uniform, depth .25
/// to 1.1 of the width, three quarters inward.
Genotype make_genotype(Species species, std::uint64_t seed);

/// The same skin on its species' typical fin, whose edges are smooth and stay so: an individual
/// that differs from others by pigment and scars alone.
Genotype with_smooth_edges(Genotype genotype);

/// The individual some years later: old scars fade, new scars and, rarely, new notches appear.
///
/// aged(g, 0) is g; the change of each year depends on the individual's seed and the year alone, so
/// aged(g, 3) holds what happened in aged(g, 2). Needs `years` >= 0.
Genotype aged(const Genotype& genotype, int years);

/// The outline of a fin, from the front of the base over the tip to the rear of the base.
struct EdgeCurve {
  std::vector<cv::Point2d> points;  ///< fin coordinates
  std::size_t tip_index = 0;        ///< leading edge before it, trailing edge after it
};

/// How deep the trailing edge is cut in at `count` (2 or more) even steps from the tip down, as a
/// share of its length; negative where it juts out.
std::vector<double> trailing_depths(const Genotype& genotype, std::size_t count);

/// The outline with its notches; both sides have the same. 1,500 to 2,500 points.
EdgeCurve edge_curve(const Genotype& genotype);

}  // namespace finview::synthetic
