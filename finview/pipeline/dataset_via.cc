#include "finview/pipeline/dataset_via.h"

#include "finview/base/error.h"
#include "finview/pipeline/dataset_json.h"

#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

using internal::json_number;
using internal::json_text;
using nlohmann::ordered_json;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// x and y lists of one length, all numbers; empty if they are not.
std::vector<DatasetPoint> read_points(const ordered_json& shape) {
  const auto xs = shape.find("all_points_x");
  const auto ys = shape.find("all_points_y");
  if (xs == shape.end() || ys == shape.end() || !xs->is_array() || !ys->is_array()) return {};
  if (xs->size() != ys->size()) return {};
  std::vector<DatasetPoint> points;
  for (std::size_t i = 0; i < xs->size(); ++i) {
    if (!(*xs)[i].is_number() || !(*ys)[i].is_number()) return {};
    points.push_back({(*xs)[i].get<double>(), (*ys)[i].get<double>()});
  }
  return points;
}

/// The box of a rectangle, circle or ellipse; sides are not numbers where a member is missing.
DatasetFin read_box(const ordered_json& shape) {
  DatasetFin fin;
  if (shape.contains("width")) {
    fin.left_px = json_number(shape, "x", kMissing);
    fin.top_px = json_number(shape, "y", kMissing);
    fin.right_px = fin.left_px + json_number(shape, "width", kMissing);
    fin.bottom_px = fin.top_px + json_number(shape, "height", kMissing);
    return fin;
  }
  const double radius = json_number(shape, "r", kMissing);
  const double radius_x = json_number(shape, "rx", radius);
  const double radius_y = json_number(shape, "ry", radius);
  fin.left_px = json_number(shape, "cx", kMissing) - radius_x;
  fin.right_px = fin.left_px + 2 * radius_x;
  fin.top_px = json_number(shape, "cy", kMissing) - radius_y;
  fin.bottom_px = fin.top_px + 2 * radius_y;
  return fin;
}

/// The fin, or why there is none.
std::optional<DatasetFin> read_shape(const ordered_json& region, std::string& reason) {
  const auto shape = region.find("shape_attributes");
  if (shape == region.end() || !shape->is_object()) {
    reason = "has no shape";
    return std::nullopt;
  }
  DatasetFin fin;
  if (shape->contains("all_points_x")) {
    fin.polygon = read_points(*shape);
    if (fin.polygon.size() < 3) {
      reason = fmt::format("is a polygon of {} points; a fin needs three", fin.polygon.size());
      return std::nullopt;
    }
    fit_box(fin);
  } else {
    fin = read_box(*shape);
  }
  if (!(fin.width_px() > 0) || !(fin.height_px() > 0)) {
    reason = fmt::format("is a {} without an area", json_text(*shape, "name"));
    return std::nullopt;
  }
  return fin;
}

DatasetPhoto read_photo(const ordered_json& entry, Dataset& dataset) {
  DatasetPhoto photo;
  photo.file = internal::with_slashes(json_text(entry, "filename"));
  if (const auto attributes = entry.find("file_attributes");
      attributes != entry.end() && attributes->is_object()) {
    photo.encounter = json_text(*attributes, "encounter");
    photo.date = json_text(*attributes, "date");
  }
  const auto regions = entry.find("regions");
  if (regions == entry.end()) return photo;
  int number = 0;
  for (const auto& region : *regions) {  // a list in VIA 2, an object in VIA 1
    ++number;
    std::string reason = "is no region";
    std::optional<DatasetFin> fin;
    if (region.is_object()) fin = read_shape(region, reason);
    if (!fin) {
      dataset.faults.push_back({photo.file, fmt::format("region {} {}.", number, reason)});
      continue;
    }
    if (const auto said = region.find("region_attributes"); said != region.end()) {
      fin->attributes = internal::json_attributes(*said);
    }
    fin->individual = internal::take_attribute(fin->attributes, {"individual", "id"});
    const std::string name = internal::take_attribute(fin->attributes, {"class"});
    if (!name.empty()) fin->class_name = name;
    photo.fins.push_back(*fin);
  }
  return photo;
}

ordered_json as_region(const DatasetFin& fin) {
  ordered_json shape;
  if (fin.polygon.empty()) {
    shape = {{"name", "rect"},
             {"x", fin.left_px},
             {"y", fin.top_px},
             {"width", fin.width_px()},
             {"height", fin.height_px()}};
  } else {
    shape = {{"name", "polygon"},
             {"all_points_x", ordered_json::array()},
             {"all_points_y", ordered_json::array()}};
    for (const DatasetPoint& point : fin.polygon) {
      shape["all_points_x"].push_back(point.x_px);
      shape["all_points_y"].push_back(point.y_px);
    }
  }
  ordered_json said = ordered_json::object();
  said["class"] = fin.class_name;
  if (!fin.individual.empty()) said["id"] = fin.individual;
  for (const auto& [key, value] : fin.attributes) said[key] = value;
  return {{"shape_attributes", shape}, {"region_attributes", said}};
}

}  // namespace

Dataset parse_via(std::string_view text, const std::string& source) {
  const ordered_json root = internal::parse_json(text, source);
  const auto project = root.find("_via_img_metadata");
  const ordered_json& entries = project == root.end() ? root : *project;
  Dataset dataset;
  if (!entries.is_object() && !entries.is_array()) {
    throw Error(ErrorKind::kBadInput, source + ": holds no photos in VIA's form");
  }
  for (const auto& entry : entries) {
    if (!entry.is_object() || json_text(entry, "filename").empty()) {
      throw Error(ErrorKind::kBadInput,
                  source + ": is not VIA's form: every entry must have a filename and regions");
    }
    dataset.photos.push_back(read_photo(entry, dataset));
  }
  tidy(dataset);
  return dataset;
}

std::string via_text(const Dataset& dataset) {
  ordered_json root = ordered_json::object();
  for (const DatasetPhoto& photo : dataset.photos) {
    ordered_json said = ordered_json::object();
    if (!photo.encounter.empty()) said["encounter"] = photo.encounter;
    if (!photo.date.empty()) said["date"] = photo.date;
    ordered_json regions = ordered_json::array();
    for (const DatasetFin& fin : photo.fins) regions.push_back(as_region(fin));
    root[photo.file + "-1"] = {
        {"filename", photo.file}, {"size", -1}, {"regions", regions}, {"file_attributes", said}};
  }
  return internal::json_file(root);
}

}  // namespace finview
