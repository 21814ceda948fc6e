#pragma once

#include "finview/crop/crop.h"
#include "finview/crop/cut.h"
#include "finview/detection/detection.h"
#include "finview/photo/photo.h"

#include <cstdint>
#include <vector>

namespace finview {

class Detector;

/// The crop of a fin in a photo: its region at full size, its longer side at most 1,024 px. Throws
/// Error{kBadInput} if the photo cannot be read or the box lies outside of it.
Crop cut_fin(const PhotoFile& file,
             const PhotoInfo& info,
             const Detection& box,
             double margin = kFinMargin);

struct FoundFin {
  Detection box;
  Crop crop;
};

struct FoundFins {
  PhotoInfo info;
  Picture preview;  ///< the photo at the size it was searched at
  std::vector<FoundFin> fins;
};

/// A photo's way to its fins' crops: header, reduced decode, detection, full-size decode of each
/// fin's region.
class FinFinder {
 public:
  /// `detector` null: every photo is a crop of one fin already. Must outlive the finder.
  explicit FinFinder(const Detector* detector, double margin = kFinMargin)
      : detector_(detector), margin_(margin) {}

  /// Throws Error{kBadInput} if the photo cannot be read. No fin is no error.
  FoundFins find(const PhotoFile& file) const;

 private:
  const Detector* detector_;
  double margin_;
};

}  // namespace finview
