#include "finview/pipeline/stored_outline.h"

#include "finview/base/error.h"
#include "finview/outline/assess_quality.h"
#include "finview/outline/fin_edge.h"
#include "finview/outline/find_outline.h"
#include "finview/outline/find_parts.h"

#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxPoints = 20'000;

/// Points of a crop as the photo's, without those on a straight line (to half a crop pixel).
class PhotoPoints {
 public:
  explicit PhotoPoints(const Crop& crop) : crop_(crop) {}

  Json point(cv::Point2f p) const {
    const auto place = [&](double origin, float value) {
      return std::round((origin + value * crop_.photo_px_per_crop_px) * 10) / 10;
    };
    return {place(crop_.left_px, p.x), place(crop_.top_px, p.y)};
  }
  Json line(const std::vector<cv::Point2f>& points, bool closed) const {
    Json json = Json::array();
    if (points.empty()) return json;
    std::vector<cv::Point2f> few;
    cv::approxPolyDP(points, few, 0.5, closed);
    for (const cv::Point2f& p : few) json.push_back(point(p));
    return json;
  }

 private:
  const Crop& crop_;
};

Json notches_of(const FinParts& parts, const PhotoPoints& in_photo) {
  Json notches = Json::array();
  for (const Notch& notch : parts.notches) {
    notches.push_back({{"position", notch.position},
                       {"depth", notch.depth},
                       {"width", notch.width},
                       {"deepest", in_photo.point(notch.deepest)}});
  }
  return notches;
}

Json grades_of(const FinQuality& quality) {
  return {{"class", to_string(quality_class(quality))},
          {"overall", quality.overall},
          {"size", quality.size},
          {"sharpness", quality.sharpness},
          {"exposure", quality.exposure},
          {"glare", quality.glare},
          {"water", quality.water},
          {"angle", quality.angle}};
}

std::vector<cv::Point2f> read_contour(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("contour") || !json["contour"].is_array()) {
    throw Error(ErrorKind::kBadInput, "The outline must be a JSON object with a contour.");
  }
  std::vector<cv::Point2f> contour;
  for (const auto& point : json["contour"]) {
    if (!point.is_array() || point.size() != 2 || !point[0].is_number() || !point[1].is_number()) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("Point {} of the contour is not [x, y].", contour.size()));
    }
    contour.emplace_back(point[0].get<float>(), point[1].get<float>());
  }
  if (contour.size() < 3 || contour.size() > kMaxPoints) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format(
            "The contour has {} points; it must have 3 to {}.", contour.size(), kMaxPoints));
  }
  return contour;
}

}  // namespace

StoredOutline store_outline(const ShapedCrop& fin) {
  const FinOutline& outline = fin.outline;
  const PhotoPoints in_photo(fin.crop);
  StoredOutline stored;
  stored.quality = outline.quality.overall;
  Json json{{"contour", in_photo.line(outline.contour, true)}};
  if (const std::optional<FinParts> parts = find_parts(outline)) {
    stored.side = flank_in_view(parts->side);
    json["tip"] = in_photo.point(parts->tip);
    json["leading_edge"] = in_photo.line(parts->leading_edge, false);
    json["trailing_edge"] = in_photo.line(parts->trailing_edge, false);
    json["notches"] = notches_of(*parts, in_photo);
    json["side_confidence"] = parts->side_confidence;
    json["distinctiveness"] = parts->distinctiveness;
  }
  json["quality"] = grades_of(outline.quality);
  json["mask_source"] = to_string(outline.mask_source);
  json["mask_confidence"] = outline.mask_confidence;
  json["doubt"] = to_string(outline.mask_doubt);
  stored.json = json.dump();
  return stored;
}

ShapedCrop shape_as_stored(const Crop& crop, const std::string& json) {
  std::vector<cv::Point> polygon;
  for (const cv::Point2f& p : read_contour(json)) {
    // Sixteenths of a pixel; cv::fillPoly's origin is the center of the top-left pixel.
    const auto place = [&](double value, double origin) {
      return cv::saturate_cast<int>(((value - origin) / crop.photo_px_per_crop_px - 0.5) * 16);
    };
    polygon.emplace_back(place(p.x, crop.left_px), place(p.y, crop.top_px));
  }
  cv::Mat mask(crop.bgr.size(), CV_8UC1, cv::Scalar(0));
  cv::fillPoly(mask, std::vector{polygon}, cv::Scalar(255), cv::LINE_8, 4);
  ShapedCrop shaped{crop, outline_of_mask(mask, MaskSource::kByHand, 1), {}};
  shaped.outline.quality = assess_quality(crop, shaped.outline);
  shaped.edge = find_edge(shaped.outline);
  return shaped;
}

void check_outline(const std::string& json, const PhotoRecord& photo) {
  for (const cv::Point2f& p : read_contour(json)) {
    const float limit = 3.0F * static_cast<float>(std::max(photo.width_px, photo.height_px));
    if (std::isfinite(p.x) && std::isfinite(p.y) && std::abs(p.x) < limit &&
        std::abs(p.y) < limit) {
      continue;
    }
    throw Error(
        ErrorKind::kBadInput,
        fmt::format("The contour has the point ({}, {}), far outside of the photo of {} x {} "
                    "pixels.",
                    p.x,
                    p.y,
                    photo.width_px,
                    photo.height_px));
  }
}

}  // namespace finview
