#pragma once

#include "finview/crop/crop.h"
#include "finview/detection/detection.h"
#include "finview/photo/photo.h"

namespace finview {

/// Whole pixels of the full upright photo.
struct PixelRect {
  int left_px = 0;
  int top_px = 0;
  int width_px = 0;   ///< at least 1
  int height_px = 0;  ///< at least 1

  bool operator==(const PixelRect&) const = default;
};

/// The part of the photo to cut out for a detection: its box, grown on every side by `margin` times
/// the longer side, rounded outwards to whole pixels and clipped to the photo.
///
/// Throws Error{kBadInput} if the box has no area, is not finite or lies wholly outside the photo,
/// Error{kBadOptions} if `margin` is not in [0, 10].
PixelRect fin_region(const Detection& detection,
                     double margin,
                     int photo_width_px,
                     int photo_height_px);

/// `fin_region`'s usual margin.
inline constexpr double kFinMargin = 0.15;

/// The crop of `region`, shrunk by area averaging so that its longer side is at most `longest_px`;
/// never enlarged.
///
/// `region_pixels` shows exactly `region`, at full or reduced size. `photo_px_per_crop_px` is exact
/// on the longer side; on the other it is off by at most half a crop pixel over the whole side,
/// because sides are whole pixels. Pixels are shared with `region_pixels` where nothing shrinks.
/// Throws Error{kBadInput} for no pixels or pixels of another shape than `region`,
/// Error{kBadOptions} for a `longest_px` below 1.
Crop make_crop(const Picture& region_pixels, const PixelRect& region, int longest_px);

/// A picture that already shows one fin, as it is. Shares its pixels.
Crop whole_picture_crop(const Picture& picture);

}  // namespace finview
