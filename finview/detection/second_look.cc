#include "finview/detection/second_look.h"

#include <algorithm>
#include <cmath>

namespace finview {
namespace {

constexpr float kUnseenShare = 0.1F;

}  // namespace

cv::Rect second_look_region(const Detection& find, const cv::Size& picture_px, double scale) {
  const double half = 0.5 * kSecondLookSides * std::max(find.width_px(), find.height_px());
  const double center_x = (find.left_px + find.right_px) / 2;
  const double center_y = (find.top_px + find.bottom_px) / 2;
  const auto pixel = [scale](double x) { return static_cast<int>(std::lround(x * scale)); };
  const cv::Rect square(cv::Point(pixel(center_x - half), pixel(center_y - half)),
                        cv::Point(pixel(center_x + half), pixel(center_y + half)));
  return square & cv::Rect({}, picture_px);
}

Detection second_look(const Detection& find, std::span<const Detection> seen) {
  Detection result = find;
  result.confidence = kUnseenShare * find.confidence;
  double best = 0;
  for (const Detection& box : seen) {
    const double value = box.confidence * intersection_over_union(find, box);
    if (value <= best) continue;
    best = value;
    result = box;
    result.confidence = std::sqrt(find.confidence * box.confidence);
  }
  return result;
}

}  // namespace finview
