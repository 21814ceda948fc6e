#include "finview/pipeline/yolo_labels.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <algorithm>
#include <sstream>
#include <string>

#include <fmt/format.h>

namespace finview {
namespace {

Detection parse_box(const std::string& line,
                    const std::string& where,
                    int width_px,
                    int height_px) {
  std::istringstream stream(line);
  int class_index = 0;
  double center_x = 0, center_y = 0, width = 0, height = 0;
  std::string rest;
  const bool five =
      static_cast<bool>(stream >> class_index >> center_x >> center_y >> width >> height);
  if (!five || (stream >> rest) || class_index < 0) {
    throw Error(ErrorKind::kBadInput,
                where + ": '" + line + "' is not class, center x, center y, width and height");
  }
  const auto clipped = [](double share, int size_px) {
    return static_cast<float>(std::clamp(share, 0.0, 1.0) * size_px);
  };
  Detection box;
  box.left_px = clipped(center_x - width / 2, width_px);
  box.right_px = clipped(center_x + width / 2, width_px);
  box.top_px = clipped(center_y - height / 2, height_px);
  box.bottom_px = clipped(center_y + height / 2, height_px);
  box.class_index = class_index;
  box.confidence = 1;
  if (!(box.width_px() > 0) || !(box.height_px() > 0)) {
    throw Error(ErrorKind::kBadInput,
                where + ": the box '" + line +
                    "' is empty or outside the photo; numbers are "
                    "relative to the photo, 0..1");
  }
  return box;
}

}  // namespace

std::optional<std::vector<Detection>> read_yolo_labels(const std::filesystem::path& path,
                                                       int width_px,
                                                       int height_px) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  std::istringstream text(read_text_file(path));
  std::vector<Detection> boxes;
  std::string line;
  for (int number = 1; std::getline(text, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = fmt::format("{} line {}", path.string(), number);
    boxes.push_back(parse_box(line, where, width_px, height_px));
  }
  return boxes;
}

std::filesystem::path yolo_label_path(const std::filesystem::path& photo,
                                      const std::filesystem::path& labels_folder) {
  return labels_folder / (photo.stem().string() + ".txt");
}

}  // namespace finview
