#include "finview/synthetic/truth.h"

#include "finview/base/csv.h"
#include "finview/base/files.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value, double step) { return std::round(value / step) * step; }

double degrees(double angle_rad) { return rounded(angle_rad * 180 / M_PI, .01); }

const char* side_name(Side side) { return side == Side::kLeft ? "left" : "right"; }

/// Contours of the mask in photo pixels, outer corners as COCO has them.
Json polygons(const RenderedFin& fin) {
  cv::Mat wide;
  cv::copyMakeBorder(fin.mask, wide, 1, 1, 1, 1, cv::BORDER_CONSTANT);
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(wide, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  Json result = Json::array();
  for (const auto& contour : contours) {
    if (cv::contourArea(contour) < 8) continue;
    std::vector<cv::Point> simple;
    cv::approxPolyDP(contour, simple, .7, true);
    if (simple.size() < 3) continue;
    Json flat = Json::array();
    for (const cv::Point& point : simple) {
      flat.push_back(fin.box.x + point.x - .5);
      flat.push_back(fin.box.y + point.y - .5);
    }
    result.push_back(std::move(flat));
  }
  return result;
}

Json fin_truth(const SurveyPlan& plan, const PlannedPhoto& planned, const RenderedFin& fin) {
  const PlannedIndividual& individual = plan.individuals[planned.individuals[fin.subject_index]];
  Json truth;
  truth["bbox"] = {fin.box.x, fin.box.y, fin.box.width, fin.box.height};
  truth["area"] = cv::countNonZero(fin.mask);
  truth["segmentation"] = polygons(fin);
  truth["individual"] = individual.name;
  truth["known"] = individual.known;
  truth["species"] = species_names()[static_cast<std::size_t>(individual.genotype.species)];
  truth["side"] = side_name(fin.pose.side);
  truth["yaw_deg"] = degrees(fin.pose.yaw_rad);
  truth["pitch_deg"] = degrees(fin.pose.pitch_rad);
  truth["roll_deg"] = degrees(fin.pose.roll_rad);
  truth["visible"] = rounded(fin.visible, .001);
  truth["quality"] = rounded(fin.quality, .001);
  return truth;
}

std::string catalogue_csv(const SurveyPlan& plan) {
  std::string csv = csv_line({"file", "individual", "encounter", "side"});
  for (const PlannedPhoto& photo : plan.catalogue) {
    csv += csv_line({photo.path,
                     plan.individuals[photo.individuals[0]].name,
                     photo.encounter,
                     side_name(photo.side)});
  }
  return csv;
}

}  // namespace

std::filesystem::path sibling_path(const std::string& path,
                                   const std::string& folder,
                                   const std::string& extension) {
  std::filesystem::path result = folder + path.substr(path.find('/'));
  return result.replace_extension(extension);
}

nlohmann::json photo_truth(const SurveyPlan& plan,
                           const PlannedPhoto& planned,
                           const RenderedPhoto& photo) {
  Json truth;
  truth["file_name"] = planned.path;
  truth["width"] = photo.bgr.cols;
  truth["height"] = photo.bgr.rows;
  truth["date_captured"] = planned.time;
  truth["encounter"] = planned.encounter;
  truth["fins"] = Json::array();
  for (const RenderedFin& fin : photo.fins) truth["fins"].push_back(fin_truth(plan, planned, fin));
  return truth;
}

std::string yolo_labels(const nlohmann::json& truth) {
  const double width = truth["width"];
  const double height = truth["height"];
  std::string lines;
  for (const auto& fin : truth["fins"]) {
    const auto& box = fin["bbox"];
    const double w = box[2];
    const double h = box[3];
    lines += fmt::format("0 {:.6f} {:.6f} {:.6f} {:.6f}\n",
                         (double(box[0]) + w / 2) / width,
                         (double(box[1]) + h / 2) / height,
                         w / width,
                         h / height);
  }
  return lines;
}

std::int64_t write_truth(const SurveyPlan& plan, const std::filesystem::path& folder) {
  Json coco;
  coco["info"] = {{"description", "rendered by FinView; no real animal is shown"}};
  coco["images"] = Json::array();
  coco["annotations"] = Json::array();
  coco["categories"] = {{{"id", 1}, {"name", "dorsal fin"}}};
  std::string csv =
      csv_line({"photo", "left_px", "top_px", "width_px", "height_px", "individual", "side"});
  std::int64_t num_fins = 0;
  for (std::size_t i = 0; i < plan.photos.size(); ++i) {
    const std::string& path = plan.photos[i].path;
    Json image = Json::parse(read_text_file(folder / sibling_path(path, "truth", ".json")));
    const Json fins = image["fins"];
    image.erase("fins");
    image["id"] = i + 1;
    coco["images"].push_back(std::move(image));
    for (Json fin : fins) {
      fin["id"] = ++num_fins;
      fin["image_id"] = i + 1;
      fin["category_id"] = 1;
      fin["iscrowd"] = 0;
      csv += csv_line({path,
                       fin["bbox"][0].dump(),
                       fin["bbox"][1].dump(),
                       fin["bbox"][2].dump(),
                       fin["bbox"][3].dump(),
                       fin["individual"].get<std::string>(),
                       fin["side"].get<std::string>()});
      coco["annotations"].push_back(std::move(fin));
    }
  }
  write_file(folder / "truth.json", coco.dump());
  write_file(folder / "truth.csv", csv);
  write_file(folder / "catalogue.csv", catalogue_csv(plan));
  return num_fins;
}

}  // namespace finview::synthetic
