#include "finview/pipeline/fin_finder.h"

#include "finview/crop/cut.h"
#include "finview/photo/decode.h"
#include "finview/pipeline/search_photo.h"

#include <utility>

namespace finview {
namespace {

/// Longer side of a crop: what outline and embedding need at most.
constexpr int kCropPx = 1024;

FoundFin whole_photo(const PhotoInfo& info, const Picture& picture) {
  Detection box;
  box.right_px = static_cast<float>(info.width_px);
  box.bottom_px = static_cast<float>(info.height_px);
  box.confidence = 1;
  Crop crop = whole_picture_crop(picture);
  crop.photo_px_per_crop_px = 1 / picture.scale;
  return {box, crop};
}

}  // namespace

Crop cut_fin(const PhotoFile& file, const PhotoInfo& info, const Detection& box, double margin) {
  const PixelRect region = fin_region(box, margin, info.width_px, info.height_px);
  const cv::Rect rect(region.left_px, region.top_px, region.width_px, region.height_px);
  return make_crop(decode_region(file, info, rect), region, kCropPx);
}

FoundFins FinFinder::find(const PhotoFile& file) const {
  FoundFins found;
  found.info = read_photo_info(file);
  if (detector_ == nullptr) {
    found.preview = decode_reduced(file, found.info, kCropPx);
    found.fins.push_back(whole_photo(found.info, found.preview));
    return found;
  }
  SearchedPhoto searched = search_photo(*detector_, file, found.info);
  found.preview = std::move(searched.preview);
  for (const Detection& box : searched.boxes) {
    found.fins.push_back({box, cut_fin(file, found.info, box, margin_)});
  }
  return found;
}

}  // namespace finview
