#include "finview/pipeline/outline_json.h"

#include <cmath>

#include <nlohmann/json.hpp>

namespace finview {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const cv::Point2f& point) {
  const auto rounded = [](float value) { return std::round(value * 100.0) / 100.0; };
  return {rounded(point.x), rounded(point.y)};
}

Json to_json(const std::vector<cv::Point2f>& points) {
  Json json = Json::array();
  for (const cv::Point2f& point : points) json.push_back(to_json(point));
  return json;
}

Json to_json(const FinQuality& quality) {
  return {{"class", to_string(quality_class(quality))},
          {"overall", quality.overall},
          {"size", quality.size},
          {"sharpness", quality.sharpness},
          {"exposure", quality.exposure},
          {"glare", quality.glare},
          {"water", quality.water},
          {"angle", quality.angle},
          {"height_px", quality.height_px},
          {"blur", quality.blur},
          {"tonal_range", quality.tonal_range},
          {"black_share", quality.black_share},
          {"white_share", quality.white_share},
          {"glare_share", quality.glare_share},
          {"spray_share", quality.spray_share},
          {"turned_deg", quality.turned_deg},
          {"mark_contrast", quality.mark_contrast}};
}

Json to_json(const Notch& notch) {
  return {{"position", notch.position},
          {"depth", notch.depth},
          {"width", notch.width},
          {"upper", to_json(notch.upper)},
          {"deepest", to_json(notch.deepest)},
          {"lower", to_json(notch.lower)}};
}

void add_parts(const FinParts& parts, Json& json) {
  json["side"] = flank_in_view(parts.side);
  json["side_confidence"] = parts.side_confidence;
  json["trailing_edge_at"] = parts.side == FinSide::kLeft ? "left" : "right";
  json["tip"] = to_json(parts.tip);
  json["base"] = {{"front", to_json(parts.base_front)}, {"rear", to_json(parts.base_rear)}};
  json["distinctiveness"] = parts.distinctiveness;
  Json notches = Json::array();
  for (const Notch& notch : parts.notches) notches.push_back(to_json(notch));
  json["notches"] = std::move(notches);
  json["leading_edge"] = to_json(parts.leading_edge);
  json["trailing_edge"] = to_json(parts.trailing_edge);
}

}  // namespace

nlohmann::ordered_json to_json(const OutlinedPicture& picture) {
  const FinOutline& outline = picture.outline;
  Json json{{"photo", picture.photo},
            {"width_px", picture.width_px},
            {"height_px", picture.height_px},
            {"failure", picture.failure},
            {"mask_source", to_string(outline.mask_source)},
            {"mask_confidence", outline.mask_confidence},
            {"doubt", to_string(outline.mask_doubt)}};
  if (!outline.edited_by.empty()) {
    json["edited_by"] = outline.edited_by;
    json["edited_at"] = outline.edited_at;
  }
  json["quality"] = to_json(outline.quality);
  if (picture.parts) add_parts(*picture.parts, json);
  if (picture.edge) {
    json["edge_length_px"] = picture.edge->length_px;
    json["edge_quality"] = picture.edge->quality;
  }
  json["contour"] = to_json(outline.contour);
  return json;
}

}  // namespace finview
