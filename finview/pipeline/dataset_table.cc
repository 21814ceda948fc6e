#include "finview/pipeline/dataset_table.h"

#include "finview/base/error.h"
#include "finview/pipeline/dataset_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

using internal::json_number;
using internal::json_text;
using nlohmann::ordered_json;

void put(ordered_json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

ordered_json as_json(const DatasetFin& fin) {
  ordered_json object{{"left_px", fin.left_px},
                      {"top_px", fin.top_px},
                      {"right_px", fin.right_px},
                      {"bottom_px", fin.bottom_px},
                      {"class", fin.class_name}};
  put(object, "individual", fin.individual);
  if (!fin.polygon.empty()) {
    ordered_json points = ordered_json::array();
    for (const DatasetPoint& point : fin.polygon) {
      points.push_back(ordered_json::array({point.x_px, point.y_px}));
    }
    object["polygon"] = points;
  }
  if (!fin.attributes.empty()) object["attributes"] = fin.attributes;
  return object;
}

std::vector<DatasetPoint> read_polygon(const ordered_json& object) {
  std::vector<DatasetPoint> polygon;
  const auto points = object.find("polygon");
  if (points == object.end() || !points->is_array()) return polygon;
  for (const auto& point : *points) {
    if (!point.is_array() || point.size() != 2 || !point[0].is_number() || !point[1].is_number()) {
      return {};
    }
    polygon.push_back({point[0].get<double>(), point[1].get<double>()});
  }
  return polygon;
}

void read_fin(const ordered_json& object, DatasetPhoto& photo, Dataset& dataset) {
  DatasetFin fin;
  fin.left_px = json_number(object, "left_px", 0);
  fin.top_px = json_number(object, "top_px", 0);
  fin.right_px = json_number(object, "right_px", 0);
  fin.bottom_px = json_number(object, "bottom_px", 0);
  if (fin.width_px() <= 0 || fin.height_px() <= 0) {
    dataset.faults.push_back({photo.file, "a fin has no box with an area."});
    return;
  }
  fin.polygon = read_polygon(object);
  if (const std::string name = json_text(object, "class"); !name.empty()) fin.class_name = name;
  fin.individual = json_text(object, "individual");
  if (const auto said = object.find("attributes"); said != object.end()) {
    fin.attributes = internal::json_attributes(*said);
  }
  photo.fins.push_back(std::move(fin));
}

}  // namespace

std::string dataset_json_text(const Dataset& dataset) {
  ordered_json photos = ordered_json::array();
  for (const DatasetPhoto& photo : dataset.photos) {
    ordered_json object{
        {"file", photo.file}, {"width_px", photo.width_px}, {"height_px", photo.height_px}};
    put(object, "encounter", photo.encounter);
    put(object, "date", photo.date);
    ordered_json fins = ordered_json::array();
    for (const DatasetFin& fin : photo.fins) fins.push_back(as_json(fin));
    object["fins"] = fins;
    photos.push_back(object);
  }
  return internal::json_file({{"photos", photos}});
}

Dataset parse_dataset_json(std::string_view text, const std::string& source) {
  const ordered_json root = internal::parse_json(text, source);
  const auto photos = root.find("photos");
  if (photos == root.end() || !photos->is_array()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{}: is not FinView's form: it has no list \"photos\"", source));
  }
  Dataset dataset;
  dataset.class_names = {"fin"};
  for (const auto& object : *photos) {
    DatasetPhoto photo;
    photo.file = json_text(object, "file");
    if (photo.file.empty()) {
      dataset.faults.push_back({source, "a photo has no file."});
      continue;
    }
    photo.width_px = static_cast<int>(json_number(object, "width_px", 0));
    photo.height_px = static_cast<int>(json_number(object, "height_px", 0));
    photo.encounter = json_text(object, "encounter");
    photo.date = json_text(object, "date");
    if (const auto fins = object.find("fins"); fins != object.end() && fins->is_array()) {
      for (const auto& fin : *fins) read_fin(fin, photo, dataset);
    }
    dataset.photos.push_back(std::move(photo));
  }
  tidy(dataset);
  return dataset;
}

}  // namespace finview
