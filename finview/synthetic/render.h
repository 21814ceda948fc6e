#pragma once

#include "finview/synthetic/animal.h"
#include "finview/synthetic/genotype.h"
#include "finview/synthetic/scene.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// An animal to be shown; what is not given is drawn at random.
struct Subject {
  const Genotype* genotype = nullptr;
  std::optional<Side> side;
};

/// How a photo is composed.
struct View {
  cv::Size size{1600, 1067};
  double min_fin_px = 40;
  double max_fin_px = 700;
  int num_distractors = 0;  ///< birds, boats, buoys, rocks and whatever else resembles a fin
  int num_finless = 0;      ///< animals that show flukes, head or back, but no fin
};

/// What is known about a fin in a photo.
struct RenderedFin {
  std::size_t subject_index = 0;
  Pose pose;
  cv::Rect box;        ///< in the photo: tip to the base or the water line, through spray
  cv::Mat mask;        ///< CV_8U of the box's size, 255 = a pixel of the fin that is seen
  double visible = 1;  ///< share of the fin's area above its base that is seen
  double quality = 1;  ///< 0..1: size, sharpness, view and share seen
  std::vector<cv::Point2f> outline;  ///< the edge curve in photo pixels, hidden parts too
  std::size_t tip_index = 0;         ///< of `outline`; the trailing edge begins there
};

struct RenderedPhoto {
  cv::Mat bgr;                    ///< CV_8UC3
  std::vector<RenderedFin> fins;  ///< nearest last
  int jpeg_quality = 92;
};

/// A photo of the subjects within an encounter, and where their fins are.
///
/// A fin of which less than a tenth is seen has no entry. The same for the same arguments; needs
/// 8 subjects at most. About 0.1 s at 1600 x 1067.
RenderedPhoto render_photo(const Scene& encounter,
                           const std::vector<Subject>& subjects,
                           const View& view,
                           std::uint64_t seed);

/// A fin cut out with a margin.
struct RenderedCrop {
  cv::Mat bgr;                    ///< CV_8UC3
  cv::Mat mask;                   ///< CV_8U of the same size
  std::vector<cv::Point2f> edge;  ///< trailing edge from the tip down, in pixels of the crop
  Side side = Side::kLeft;
};

/// Cuts a fin out with `margin` x the longer side of its box on every side, inside the photo.
RenderedCrop cut_fin(const RenderedPhoto& photo, const RenderedFin& fin, double margin);

/// A random view of one fin, about `fin_px` high, within an encounter.
///
/// For training: the picture is only as large as the crop needs. Tries other views (8 at most)
/// until half of the fin is seen.
RenderedCrop render_fin_crop(const Scene& encounter,
                             const Subject& subject,
                             double fin_px,
                             std::uint64_t seed);

}  // namespace finview::synthetic
