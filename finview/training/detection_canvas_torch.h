#pragma once

#include "finview/detection/detection.h"
#include "finview/training/random_draw.h"

#include <vector>

#include <torch/types.h>

namespace finview {

/// A labelled picture that training pictures are made from.
struct PictureSource {
  torch::Tensor rgb;   ///< 3 x H x W, bytes
  torch::Tensor mask;  ///< 1 x H x W, bytes, 255 = fin; not defined where not known
  std::vector<Detection> boxes;
};

/// A part of a picture; right and bottom are exclusive.
struct PixelSpan {
  int left = 0, top = 0, right = 0, bottom = 0;
  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

/// A training picture in the making.
struct Canvas {
  torch::Tensor rgb;  ///< 3 x H x W, 0..1
  std::vector<Detection> boxes;
};

/// Cuts `from` out of a picture of bytes and resizes it: float, 0..1. Antialiased bilinear.
torch::Tensor resample(const torch::Tensor& bytes,
                       const PixelSpan& from,
                       int width_px,
                       int height_px);

/// Mirrored left-right.
PictureSource mirrored(const PictureSource& source);

/// Draws `source`, enlarged by `scale`, with its corner at (left, top) of the canvas, clipped to
/// `region`; its boxes become labels where enough of a fin shows.
void draw_picture(Canvas& canvas,
                  const PixelSpan& region,
                  const PictureSource& source,
                  double scale,
                  double left,
                  double top);

/// Pastes `fin`, a box of `source`, into `region` where it hides no labelled fin, as a label.
///
/// The fin's longest side becomes `size_px`. With a mask: the fin alone, sometimes on a plain back;
/// without, or at random: with some of its surroundings, faded out toward the edge and shifted
/// toward the color of where it comes. Does nothing where there is no room.
void paste_fin(Canvas& canvas,
               const PixelSpan& region,
               const PictureSource& source,
               const Detection& fin,
               double size_px,
               RandomDraw& random);

/// Pastes a faded piece of `source` that shows no fin, so that a soft edge alone is no sign of one.
void paste_decoy(Canvas& canvas,
                 const PixelSpan& region,
                 const PictureSource& source,
                 double size_px,
                 RandomDraw& random);

}  // namespace finview
