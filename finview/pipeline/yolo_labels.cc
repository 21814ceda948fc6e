#include "finview/pipeline/yolo_labels.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

#include <fmt/format.h>

namespace finview {
namespace {

Detection parse_box(const std::string& line,
                    const std::string& where,
                    int width_px,
                    int height_px) {
  const std::optional<YoloLine> parsed = parse_yolo_line(line);
  if (!parsed) {
    throw Error(ErrorKind::kBadInput,
                where + ": '" + line + "' is not class, center x, center y, width and height");
  }
  const auto clipped = [](double share, int size_px) {
    return static_cast<float>(std::clamp(share, 0.0, 1.0) * size_px);
  };
  Detection box;
  box.left_px = clipped(parsed->left, width_px);
  box.top_px = clipped(parsed->top, height_px);
  box.right_px = clipped(parsed->right, width_px);
  box.bottom_px = clipped(parsed->bottom, height_px);
  box.class_index = parsed->class_index;
  box.confidence = 1;
  if (!(box.width_px() > 0) || !(box.height_px() > 0)) {
    throw Error(ErrorKind::kBadInput,
                where + ": the box '" + line +
                    "' is empty or outside the photo; numbers are "
                    "relative to the photo, 0..1");
  }
  return box;
}

/// The points of an outline and the box around them.
void read_polygon(const std::vector<double>& numbers, YoloLine& line) {
  for (std::size_t i = 0; i < numbers.size(); i += 2) {
    line.polygon.emplace_back(numbers[i], numbers[i + 1]);
  }
  line.left = line.right = numbers[0];
  line.top = line.bottom = numbers[1];
  for (const auto& [x, y] : line.polygon) {
    line.left = std::min(line.left, x);
    line.right = std::max(line.right, x);
    line.top = std::min(line.top, y);
    line.bottom = std::max(line.bottom, y);
  }
}

}  // namespace

std::optional<YoloLine> parse_yolo_line(std::string_view text) {
  std::istringstream stream{std::string(text)};
  YoloLine line;
  if (!(stream >> line.class_index) || line.class_index < 0) return std::nullopt;
  std::vector<double> numbers;
  for (double number = 0; stream >> number;) numbers.push_back(number);
  const bool numeric =
      stream.eof() && std::all_of(numbers.begin(), numbers.end(), [](double value) {
        return std::isfinite(value);
      });
  if (!numeric) return std::nullopt;
  if (numbers.size() == 4) {
    line.left = numbers[0] - numbers[2] / 2;
    line.right = numbers[0] + numbers[2] / 2;
    line.top = numbers[1] - numbers[3] / 2;
    line.bottom = numbers[1] + numbers[3] / 2;
    return line;
  }
  if (numbers.size() < 6 || numbers.size() % 2 != 0) return std::nullopt;
  read_polygon(numbers, line);
  return line;
}

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
