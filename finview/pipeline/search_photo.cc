#include "finview/pipeline/search_photo.h"

#include "finview/detection/detector.h"
#include "finview/photo/decode.h"

#include <algorithm>

namespace finview {

SearchedPhoto search_photo(const Detector& detector, const PhotoFile& file, const PhotoInfo& info) {
  SearchedPhoto photo;
  photo.preview = decode_reduced(file, info, detector.min_longest_px());
  photo.boxes = detector.detect(photo.preview);
  const int tiled_px = detector.tiled_longest_px(info.width_px, info.height_px, photo.boxes);
  if (tiled_px == 0) return photo;
  const int preview_px = std::max(photo.preview.bgr.cols, photo.preview.bgr.rows);
  if (preview_px >= tiled_px) {
    photo.boxes = detector.detect_tiled(photo.preview, photo.boxes);
  } else {
    photo.boxes = detector.detect_tiled(decode_reduced(file, info, tiled_px), photo.boxes);
  }
  return photo;
}

}  // namespace finview
