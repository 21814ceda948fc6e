#pragma once

#include "finview/detection/detection.h"

#include <string>
#include <vector>

#include <opencv2/core/types.hpp>

namespace finview {

/// How often a photo is looked at in parts, beside the look at the whole.
struct Tiling {
  enum class Mode { kAuto, kOff, kGrid };
  Mode mode = Mode::kAuto;
  int columns = 1;  ///< of kGrid
  int rows = 1;

  /// Reads "auto", "off" or "NxM" with 1 to 32 columns and rows. Throws Error{kBadOptions}.
  static Tiling parse(const std::string& text);
};

/// Columns and rows of tiles, as many as the photo needs across; 0 x 0 = none.
///
/// kAuto looks closer only where it may pay: the photo has at least `kMinTiledShare` times the
/// pixels that the network sees of it, either way, and no fin was found in the whole photo
/// (`found`, at confidence 0.5 or more) that fills 3 % of its longer side. Dolphins of one photo
/// are about equally far away: beside such a fin others would have been seen. Then three columns
/// along the longer side.
cv::Size tile_grid(const Tiling& tiling,
                   int photo_width_px,
                   int photo_height_px,
                   int input_px,
                   const std::vector<Detection>& found);

inline constexpr double kMinTiledShare =
    4;  ///< a fin of 40 px then has 10 px in the network's input
inline constexpr double kTileOverlap = 0.2;  ///< of a tile's side

/// Longest side of a photo that `grid` tiles of `input_px` each cover without enlarging it.
int tiled_longest_px(const cv::Size& grid, int photo_width_px, int photo_height_px, int input_px);

/// Tiles of one size that overlap by `kTileOverlap` and cover a picture of `picture_px`.
std::vector<cv::Rect> tile_regions(const cv::Size& picture_px, const cv::Size& grid);

/// Leaves out the boxes (in pixels of the picture) that touch a side of their tile that is not a
/// side of the picture: what is cut off there lies whole in the next tile, or is large enough for
/// the look at the whole photo.
std::vector<Detection> without_cut_boxes(std::vector<Detection> boxes,
                                         const cv::Rect& tile,
                                         const cv::Size& picture_px);

/// Joins boxes of overlapping looks: of two that share `max_iou` of their joint area, or of which
/// one lies in the other by 80 %, the more confident stays. Sorted as `suppress_overlaps` does.
std::vector<Detection> merge_looks(std::vector<Detection> boxes, double max_iou);

}  // namespace finview
