#include "finview/detection/tiling.h"

#include "finview/base/error.h"
#include "finview/detection/boxes.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <opencv2/core/mat.hpp>

namespace finview {
namespace {

constexpr int kMaxTiles = 32;
constexpr double kNearFinShare = 0.03;
constexpr float kNearFinConfidence = 0.5F;
constexpr int kAutoTiles = 3;
constexpr double kBorderShare = 0.01;  // of a tile's side
constexpr double kMaxInside = 0.8;

/// Tiles of side 1 that overlap, laid end to end.
double span(int num_tiles) { return num_tiles - (num_tiles - 1) * kTileOverlap; }

/// First pixels of `count` tiles of `side` that cover `total`.
int tile_start(int index, int count, int side, int total) {
  return count == 1 ? 0 : static_cast<int>(std::lround(1.0 * index * (total - side) / (count - 1)));
}

int tile_side(int total, int count) {
  return std::min(total, static_cast<int>(std::ceil(total / span(count))));
}

double share_inside(const Detection& inner, const Detection& outer) {
  const double width =
      std::min(inner.right_px, outer.right_px) - std::max(inner.left_px, outer.left_px);
  const double height =
      std::min(inner.bottom_px, outer.bottom_px) - std::max(inner.top_px, outer.top_px);
  if (width <= 0 || height <= 0) return 0;
  return width * height / (double{inner.width_px()} * inner.height_px());
}

bool is_number(std::string_view text, int& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

Tiling Tiling::parse(const std::string& text) {
  if (text == "auto") return {};
  if (text == "off") return {Mode::kOff, 1, 1};
  Tiling tiling{Mode::kGrid, 0, 0};
  const std::size_t cross = text.find('x');
  const bool read = cross != std::string::npos &&
                    is_number(std::string_view(text).substr(0, cross), tiling.columns) &&
                    is_number(std::string_view(text).substr(cross + 1), tiling.rows);
  const auto fits = [](int count) { return count >= 1 && count <= kMaxTiles; };
  if (!read || !fits(tiling.columns) || !fits(tiling.rows)) {
    throw Error(
        ErrorKind::kBadOptions,
        fmt::format("--tiles is \"{}\"; it must be auto, off or columns x rows as 3x2, each "
                    "from 1 to {}.",
                    text,
                    kMaxTiles));
  }
  return tiling;
}

cv::Size tile_grid(const Tiling& tiling,
                   int photo_width_px,
                   int photo_height_px,
                   int input_px,
                   const std::vector<Detection>& found) {
  if (tiling.mode == Tiling::Mode::kOff) return {};
  if (tiling.mode == Tiling::Mode::kGrid) return {tiling.columns, tiling.rows};
  const int longest = std::max(photo_width_px, photo_height_px);
  if (longest < kMinTiledShare * input_px) return {};
  const bool near = std::any_of(found.begin(), found.end(), [&](const Detection& fin) {
    return fin.confidence >= kNearFinConfidence &&
           std::max(fin.width_px(), fin.height_px()) >= kNearFinShare * longest;
  });
  if (near) return {};
  const double tile_px = longest / span(kAutoTiles);
  const auto needed = [&](int side_px) {
    const double tiles = (side_px / tile_px - kTileOverlap) / (1 - kTileOverlap);
    return std::max(1, static_cast<int>(std::ceil(tiles - 0.05)));
  };
  return {needed(photo_width_px), needed(photo_height_px)};
}

int tiled_longest_px(const cv::Size& grid, int photo_width_px, int photo_height_px, int input_px) {
  const double scale = std::min(span(grid.width) * input_px / photo_width_px,
                                span(grid.height) * input_px / photo_height_px);
  const int longest = std::max(photo_width_px, photo_height_px);
  return std::min(longest, static_cast<int>(std::ceil(longest * scale)));
}

std::vector<cv::Rect> tile_regions(const cv::Size& picture_px, const cv::Size& grid) {
  const int width = tile_side(picture_px.width, grid.width);
  const int height = tile_side(picture_px.height, grid.height);
  std::vector<cv::Rect> regions;
  for (int row = 0; row < grid.height; ++row) {
    for (int column = 0; column < grid.width; ++column) {
      regions.emplace_back(tile_start(column, grid.width, width, picture_px.width),
                           tile_start(row, grid.height, height, picture_px.height),
                           width,
                           height);
    }
  }
  return regions;
}

std::vector<Detection> without_cut_boxes(std::vector<Detection> boxes,
                                         const cv::Rect& tile,
                                         const cv::Size& picture_px) {
  const double border_x = kBorderShare * tile.width;
  const double border_y = kBorderShare * tile.height;
  std::erase_if(boxes, [&](const Detection& box) {
    return (tile.x > 0 && box.left_px < tile.x + border_x) ||
           (tile.y > 0 && box.top_px < tile.y + border_y) ||
           (tile.br().x < picture_px.width && box.right_px > tile.br().x - border_x) ||
           (tile.br().y < picture_px.height && box.bottom_px > tile.br().y - border_y);
  });
  return boxes;
}

std::vector<Detection> merge_looks(std::vector<Detection> boxes, double max_iou) {
  std::vector<Detection> kept;
  for (const Detection& box : suppress_overlaps(std::move(boxes), max_iou)) {
    const bool hidden = std::any_of(kept.begin(), kept.end(), [&](const Detection& better) {
      return better.class_index == box.class_index &&
             std::max(share_inside(box, better), share_inside(better, box)) > kMaxInside;
    });
    if (!hidden) kept.push_back(box);
  }
  return kept;
}

}  // namespace finview
