#include "finview/pipeline/edit_fin.h"

#include "finview/base/error.h"
#include "finview/outline/fin_edge.h"
#include "finview/outline/find_outline.h"
#include "finview/outline/hand_tools.h"
#include "finview/pipeline/fin_signer.h"
#include "finview/pipeline/find_project_fins.h"
#include "finview/pipeline/outline_edits.h"
#include "finview/pipeline/stored_outline.h"

#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxEdits = 50;

/// A tool's points of the photo as points of the crop.
struct IntoCrop {
  const Crop& crop;

  void operator()(ExtremePoints& tool) const {
    for (cv::Point2f& point : tool.points) move(point);
  }
  void operator()(Strokes& tool) const {
    for (Stroke& stroke : tool.strokes) {
      for (cv::Point2f& point : stroke.points) move(point);
      stroke.radius_px /= crop.photo_px_per_crop_px;
    }
  }
  void operator()(PolygonEdit& tool) const {
    for (cv::Point2f& point : tool.points) move(point);
  }
  void operator()(ManualFilter&) const {}

 private:
  void move(cv::Point2f& point) const {
    point.x = static_cast<float>((point.x - crop.left_px) / crop.photo_px_per_crop_px);
    point.y = static_cast<float>((point.y - crop.top_px) / crop.photo_px_per_crop_px);
  }
};

}  // namespace

EditHistory edits_of(const FinRecord& fin) {
  const Json outline = Json::parse(fin.outline, nullptr, false);
  if (!outline.is_object()) return {};
  if (outline.contains("edits")) return parse_edits(outline["edits"], "The outline's history");
  if (fin.outlined_by.empty()) return {};
  const Json drawn{{"tool", "outline"},
                   {"points", outline.value("contour", Json::array())},
                   {"who", fin.outlined_by},
                   {"when", "unknown"}};
  return with_edit({}, parse_edit(drawn, "The outline"));
}

ShapedCrop shape_fin(const Crop& crop, const FinRecord& fin, const FinMasker& masker) {
  const bool by_hand = !fin.outlined_by.empty() && !fin.outline.empty();
  return by_hand ? shape_as_stored(crop, fin.outline) : shape_crop(crop, masker);
}

std::string with_edits(const std::string& outline, const EditHistory& edits) {
  if (edits.edits.empty()) return outline;
  Json json = Json::parse(outline);
  json["edits"] = to_json(edits);
  return json.dump();
}

FinRecord edited_fin(const Project& project,
                     FinRecord fin,
                     const EditHistory& edits,
                     const FinMasker& masker) {
  if (edits.edits.size() > kMaxEdits) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("An outline keeps at most {} edits; undo some first.", kMaxEdits));
  }
  const PhotoRecord photo = project.catalogue().photos.get(fin.photo);
  const Crop crop = crop_of(project.read(photo), photo, fin);
  std::vector<OutlineEdit> done(edits.edits.begin(),
                                edits.edits.begin() + static_cast<std::ptrdiff_t>(edits.num_done));
  for (OutlineEdit& edit : done) std::visit(IntoCrop{crop}, edit.tool);
  ShapedCrop shaped{crop, apply_edits(crop, find_outline(crop, masker), done, masker).outline, {}};
  shaped.edge = find_edge(shaped.outline);
  const StoredOutline stored = store_outline(shaped);
  fin.outline = with_edits(stored.json, edits);
  fin.quality = stored.quality;
  if (fin.side.empty()) fin.side = stored.side;
  fin.outlined_by = shaped.outline.edited_by;
  return fin;
}

}  // namespace finview
