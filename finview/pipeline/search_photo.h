#pragma once

#include "finview/detection/detection.h"
#include "finview/photo/photo.h"

#include <vector>

namespace finview {

class Detector;

struct SearchedPhoto {
  Picture preview;  ///< as it was searched, whole
  std::vector<Detection> boxes;
};

/// Finds the fins of a photo, decoded no larger than the detector can use: the whole first, then,
/// where the detector asks for it, tiles of a larger decode. Throws Error{kBadInput} if the photo
/// cannot be decoded.
SearchedPhoto search_photo(const Detector& detector, const PhotoFile& file, const PhotoInfo& info);

}  // namespace finview
