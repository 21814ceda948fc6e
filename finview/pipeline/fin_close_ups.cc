#include "finview/pipeline/fin_close_ups.h"

#include "finview/training/random_draw.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr double kMinShareInView = 0.5;

struct Span {
  int first = 0, end = 0;
  int length() const { return end - first; }
};

/// `length` around `middle`, clipped to [0, limit).
Span span_around(double middle, double length, int limit) {
  const int first = static_cast<int>(std::lround(middle - length / 2));
  const int end = static_cast<int>(std::lround(middle + length / 2));
  Span span{std::clamp(first, 0, limit - 1), std::clamp(end, 1, limit)};
  span.end = std::max(span.end, span.first + 1);
  return span;
}

DetectionSample cut_view(const DetectionSample& photo, const Span& x, const Span& y) {
  DetectionSample view;
  view.group = photo.group;
  view.width_px = x.length();
  view.height_px = y.length();
  for (int channel = 0; channel < 3; ++channel) {
    for (int row = y.first; row < y.end; ++row) {
      const auto start =
          (static_cast<std::size_t>(channel) * photo.height_px + row) * photo.width_px + x.first;
      view.rgb.insert(
          view.rgb.end(), photo.rgb.begin() + start, photo.rgb.begin() + start + x.length());
    }
  }
  for (const Detection& fin : photo.boxes) {
    Detection box = fin;
    box.left_px = std::max(fin.left_px, static_cast<float>(x.first)) - x.first;
    box.right_px = std::min(fin.right_px, static_cast<float>(x.end)) - x.first;
    box.top_px = std::max(fin.top_px, static_cast<float>(y.first)) - y.first;
    box.bottom_px = std::min(fin.bottom_px, static_cast<float>(y.end)) - y.first;
    if (box.width_px() <= 0 || box.height_px() <= 0) continue;
    const double share = box.width_px() * box.height_px() / (fin.width_px() * fin.height_px());
    if (share >= kMinShareInView) view.boxes.push_back(box);
  }
  return view;
}

}  // namespace

std::vector<DetectionSample> fin_close_ups(const DetectionSample& photo, int views_per_fin) {
  RandomDraw random(std::hash<std::string>{}(photo.name));
  std::vector<DetectionSample> views;
  const auto add = [&](double center_x, double center_y, double side) {
    views.push_back(cut_view(photo,
                             span_around(center_x, side, photo.width_px),
                             span_around(center_y, side, photo.height_px)));
    views.back().name = fmt::format("{}#{}", photo.name, views.size());
  };
  for (int i = 0; i < views_per_fin; ++i) {
    for (const Detection& fin : photo.boxes) {
      const double longer = std::max(fin.width_px(), fin.height_px());
      add((fin.left_px + fin.right_px) / 2 + random.uniform(-0.2, 0.2) * longer,
          (fin.top_px + fin.bottom_px) / 2 + random.uniform(-0.2, 0.2) * longer,
          random.uniform(2, 3.5) * longer);
    }
    if (photo.boxes.empty()) {
      const double side = random.log_uniform(0.125, 1) * std::min(photo.width_px, photo.height_px);
      add(random.uniform(side / 2, photo.width_px - side / 2),
          random.uniform(side / 2, photo.height_px - side / 2),
          side);
    }
  }
  return views;
}

}  // namespace finview
