#pragma once

#include "finview/detection/detection.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace finview {

/// Boxes of a YOLO label file: lines of class, center x, center y, width and height relative to the
/// photo, clipped to it.
///
/// An empty file is a photo without fins; no file is absence. Throws Error{kBadInput} with file and
/// line for a line that is not five numbers in range or a box outside the photo.
std::optional<std::vector<Detection>> read_yolo_labels(const std::filesystem::path& path,
                                                       int width_px,
                                                       int height_px);

/// "<labels folder>/<stem of the photo>.txt".
std::filesystem::path yolo_label_path(const std::filesystem::path& photo,
                                      const std::filesystem::path& labels_folder);

}  // namespace finview
