#include "finview/pipeline/dataset.h"

#include <algorithm>
#include <iterator>

namespace finview {
namespace {

/// Adds to `photo` what `other`, of the same file, says.
void join(DatasetPhoto& photo, DatasetPhoto& other) {
  std::move(other.fins.begin(), other.fins.end(), std::back_inserter(photo.fins));
  if (photo.width_px == 0) {
    photo.width_px = other.width_px;
    photo.height_px = other.height_px;
  }
  if (photo.encounter.empty()) photo.encounter = other.encounter;
  if (photo.date.empty()) photo.date = other.date;
}

}  // namespace

void fit_box(DatasetFin& fin) {
  const auto [left, right] = std::minmax_element(
      fin.polygon.begin(), fin.polygon.end(), [](const DatasetPoint& a, const DatasetPoint& b) {
        return a.x_px < b.x_px;
      });
  const auto [top, bottom] = std::minmax_element(
      fin.polygon.begin(), fin.polygon.end(), [](const DatasetPoint& a, const DatasetPoint& b) {
        return a.y_px < b.y_px;
      });
  fin.left_px = left->x_px;
  fin.right_px = right->x_px;
  fin.top_px = top->y_px;
  fin.bottom_px = bottom->y_px;
}

void tidy(Dataset& dataset) {
  std::stable_sort(dataset.photos.begin(),
                   dataset.photos.end(),
                   [](const DatasetPhoto& a, const DatasetPhoto& b) { return a.file < b.file; });
  std::vector<DatasetPhoto> photos;
  for (DatasetPhoto& photo : dataset.photos) {
    if (!photos.empty() && photos.back().file == photo.file) {
      join(photos.back(), photo);
    } else {
      photos.push_back(std::move(photo));
    }
  }
  dataset.photos = std::move(photos);
  for (const DatasetPhoto& photo : dataset.photos) {
    for (const DatasetFin& fin : photo.fins) {
      auto& names = dataset.class_names;
      if (std::find(names.begin(), names.end(), fin.class_name) == names.end()) {
        names.push_back(fin.class_name);
      }
    }
  }
}

}  // namespace finview
