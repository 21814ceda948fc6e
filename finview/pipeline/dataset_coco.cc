#include "finview/pipeline/dataset_coco.h"

#include "finview/base/error.h"
#include "finview/pipeline/dataset_json.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

using internal::json_number;
using internal::json_text;
using nlohmann::ordered_json;

const ordered_json& member_array(const ordered_json& root,
                                 const char* key,
                                 const std::string& source) {
  const auto member = root.find(key);
  if (member == root.end() || !member->is_array()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{}: is not COCO's form: it has no list \"{}\"", source, key));
  }
  return *member;
}

/// x, y, width, height out of `bbox`; false if it is not four numbers with an area.
bool read_box(const ordered_json& annotation, DatasetFin& fin) {
  const auto box = annotation.find("bbox");
  if (box == annotation.end() || !box->is_array() || box->size() != 4) return false;
  double values[4];
  for (std::size_t i = 0; i < 4; ++i) {
    if (!(*box)[i].is_number()) return false;
    values[i] = (*box)[i].get<double>();
  }
  fin.left_px = values[0];
  fin.top_px = values[1];
  fin.right_px = values[0] + values[2];
  fin.bottom_px = values[1] + values[3];
  return std::isfinite(fin.left_px) && std::isfinite(fin.top_px) && values[2] > 0 && values[3] > 0;
}

/// The one polygon of `segmentation`; otherwise says what there is instead.
std::string read_outline(const ordered_json& annotation, DatasetFin& fin) {
  const auto outline = annotation.find("segmentation");
  if (outline == annotation.end() || outline->empty()) return {};
  if (!outline->is_array()) return "a run-length mask";
  if (outline->size() != 1) return fmt::format("an outline of {} parts", outline->size());
  const ordered_json& numbers = outline->front();
  if (!numbers.is_array() || numbers.size() < 6 || numbers.size() % 2 != 0) {
    return "an outline of fewer than three points";
  }
  std::vector<DatasetPoint> polygon;
  for (std::size_t i = 0; i < numbers.size(); i += 2) {
    if (!numbers[i].is_number() || !numbers[i + 1].is_number()) return "an outline without numbers";
    polygon.push_back({numbers[i].get<double>(), numbers[i + 1].get<double>()});
  }
  fin.polygon = std::move(polygon);
  return {};
}

class CocoReader {
 public:
  CocoReader(const ordered_json& root, const std::string& source) : source_(source) {
    for (const auto& category : member_array(root, "categories", source)) {
      const std::string name = json_text(category, "name");
      classes_[json_text(category, "id")] = name;
      dataset_.class_names.push_back(name);
    }
    for (const auto& image : member_array(root, "images", source)) add_image(image);
    for (const auto& annotation : member_array(root, "annotations", source)) add_fin(annotation);
  }

  Dataset take() {
    tidy(dataset_);
    return std::move(dataset_);
  }

 private:
  void add_image(const ordered_json& image) {
    DatasetPhoto photo;
    photo.file = internal::with_slashes(json_text(image, "file_name"));
    if (photo.file.empty()) {
      throw Error(ErrorKind::kBadInput, source_ + ": an image has no file_name");
    }
    photo.width_px = std::max(0, static_cast<int>(json_number(image, "width", 0)));
    photo.height_px = std::max(0, static_cast<int>(json_number(image, "height", 0)));
    photo.date = json_text(image, "date_captured");
    photo.encounter = json_text(image, "encounter");
    photos_[json_text(image, "id")] = dataset_.photos.size();
    dataset_.photos.push_back(std::move(photo));
  }

  void add_fin(const ordered_json& annotation) {
    const std::string id = json_text(annotation, "id");
    const auto photo = photos_.find(json_text(annotation, "image_id"));
    if (photo == photos_.end()) {
      fault(source_, id, "is of no image in this file");
      return;
    }
    DatasetPhoto& target = dataset_.photos[photo->second];
    DatasetFin fin;
    if (json_number(annotation, "iscrowd", 0) != 0) {
      fault(target.file, id, "is a crowd, not a fin");
      return;
    }
    if (!read_box(annotation, fin)) {
      fault(target.file, id, "has no box of four numbers with an area");
      return;
    }
    if (const std::string instead = read_outline(annotation, fin); !instead.empty()) {
      fault(target.file, id, "has " + instead + "; only its box was taken");
    }
    const auto name = classes_.find(json_text(annotation, "category_id"));
    if (name != classes_.end()) fin.class_name = name->second;
    if (const auto said = annotation.find("attributes"); said != annotation.end()) {
      fin.attributes = internal::json_attributes(*said);
    }
    fin.individual = internal::take_attribute(fin.attributes, {"individual", "identity", "id"});
    target.fins.push_back(std::move(fin));
  }

  void fault(const std::string& file, const std::string& id, const std::string& what) {
    dataset_.faults.push_back({file, fmt::format("annotation {} {}.", id, what)});
  }

  std::string source_;
  Dataset dataset_;
  std::map<std::string, std::string> classes_;
  std::map<std::string, std::size_t> photos_;
};

/// Shoelace formula.
double polygon_area(const std::vector<DatasetPoint>& polygon) {
  double twice = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const DatasetPoint& a = polygon[i];
    const DatasetPoint& b = polygon[(i + 1) % polygon.size()];
    twice += a.x_px * b.y_px - b.x_px * a.y_px;
  }
  return std::abs(twice) / 2;
}

ordered_json as_annotation(const DatasetFin& fin) {
  ordered_json outline = ordered_json::array();
  if (!fin.polygon.empty()) {
    ordered_json numbers = ordered_json::array();
    for (const DatasetPoint& point : fin.polygon) {
      numbers.push_back(point.x_px);
      numbers.push_back(point.y_px);
    }
    outline.push_back(numbers);
  }
  ordered_json said = ordered_json::object();
  if (!fin.individual.empty()) said["individual"] = fin.individual;
  for (const auto& [key, value] : fin.attributes) said[key] = value;
  const double area =
      fin.polygon.empty() ? fin.width_px() * fin.height_px() : polygon_area(fin.polygon);
  return {{"bbox", {fin.left_px, fin.top_px, fin.width_px(), fin.height_px()}},
          {"segmentation", outline},
          {"area", area},
          {"iscrowd", 0},
          {"attributes", said}};
}

}  // namespace

Dataset parse_coco(std::string_view text, const std::string& source) {
  return CocoReader(internal::parse_json(text, source), source).take();
}

std::string coco_text(const Dataset& dataset) {
  ordered_json images = ordered_json::array();
  ordered_json annotations = ordered_json::array();
  ordered_json categories = ordered_json::array();
  for (const std::string& name : dataset.class_names) {
    categories.push_back({{"id", categories.size() + 1}, {"name", name}});
  }
  for (const DatasetPhoto& photo : dataset.photos) {
    ordered_json image{{"id", images.size() + 1},
                       {"file_name", photo.file},
                       {"width", photo.width_px},
                       {"height", photo.height_px}};
    if (!photo.date.empty()) image["date_captured"] = photo.date;
    if (!photo.encounter.empty()) image["encounter"] = photo.encounter;
    for (const DatasetFin& fin : photo.fins) {
      const auto name =
          std::find(dataset.class_names.begin(), dataset.class_names.end(), fin.class_name);
      ordered_json annotation{{"id", annotations.size() + 1},
                              {"image_id", image["id"]},
                              {"category_id", name - dataset.class_names.begin() + 1}};
      annotation.update(as_annotation(fin));
      annotations.push_back(annotation);
    }
    images.push_back(image);
  }
  const ordered_json root{
      {"images", images}, {"annotations", annotations}, {"categories", categories}};
  return internal::json_file(root);
}

}  // namespace finview
