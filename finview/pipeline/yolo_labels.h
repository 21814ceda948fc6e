#pragma once

#include "finview/detection/detection.h"

#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace finview {

/// One line of a YOLO label file, relative to the photo (0..1), not clipped.
struct YoloLine {
  int class_index = 0;
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
  std::vector<std::pair<double, double>> polygon;  ///< x, y; empty = only a box was given
};

/// Reads "class center-x center-y width height" or "class x y x y x y ...", three points or more;
/// nothing if the line is neither.
std::optional<YoloLine> parse_yolo_line(std::string_view line);

/// Boxes of a YOLO label file in pixels, clipped to the photo.
///
/// An empty file is a photo without fins; no file is absence. Throws Error{kBadInput} with file and
/// line for a line that is neither form or a box outside the photo.
std::optional<std::vector<Detection>> read_yolo_labels(const std::filesystem::path& path,
                                                       int width_px,
                                                       int height_px);

/// "<labels folder>/<stem of the photo>.txt".
std::filesystem::path yolo_label_path(const std::filesystem::path& photo,
                                      const std::filesystem::path& labels_folder);

}  // namespace finview
