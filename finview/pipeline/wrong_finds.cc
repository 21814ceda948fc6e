#include "finview/pipeline/wrong_finds.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

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

FindsByPhoto read_finds(const std::filesystem::path& table) {
  const CsvTable csv = read_csv(table);
  const std::size_t photo = csv.column("photo");
  const char* const names[4] = {"left_px", "top_px", "width_px", "height_px"};
  FindsByPhoto finds;
  for (const auto& row : csv.rows) {
    double values[4];
    for (int i = 0; i < 4; ++i) {
      const std::string& text = row[csv.column(names[i])];
      char* end = nullptr;
      values[i] = std::strtod(text.c_str(), &end);
      if (text.empty() || *end != '\0' || !std::isfinite(values[i])) {
        throw Error(ErrorKind::kBadInput,
                    fmt::format("{}: {} of a find in {} is \"{}\"; a number is needed",
                                table.string(),
                                names[i],
                                row[photo],
                                text));
      }
    }
    Detection find;
    find.left_px = static_cast<float>(values[0]);
    find.top_px = static_cast<float>(values[1]);
    find.right_px = static_cast<float>(values[0] + values[2]);
    find.bottom_px = static_cast<float>(values[1] + values[3]);
    finds[row[photo]].push_back(find);
  }
  return finds;
}

std::vector<DetectionSample> wrong_find_views(const DetectionSample& photo,
                                              const std::vector<Detection>& finds) {
  std::vector<DetectionSample> views;
  for (const Detection& find : finds) {
    const bool overlaps =
        std::any_of(photo.boxes.begin(), photo.boxes.end(), [&](const Detection& fin) {
          return intersection_over_union(fin, find) > 0;
        });
    if (overlaps) continue;
    const double side = kWrongFindSides * std::max(find.width_px(), find.height_px());
    views.push_back(
        cut_view(photo,
                 span_around((find.left_px + find.right_px) / 2, side, photo.width_px),
                 span_around((find.top_px + find.bottom_px) / 2, side, photo.height_px)));
    views.back().name = fmt::format("{}#{}", photo.name, views.size());
  }
  return views;
}

}  // namespace finview
