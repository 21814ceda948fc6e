#pragma once

#include "finview/base/options.h"
#include "finview/detection/detection.h"
#include "finview/photo/photo.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace finview {

struct DetectorOptions {
  double min_confidence = 0.5;
  double nms_iou = 0.45;
  std::string tiles = "auto";  ///< as `Tiling::parse` reads it

  void visit(OptionVisitor& visitor);
};

struct DetectorFiles {
  std::filesystem::path cfg;  ///< Darknet
  std::filesystem::path weights;
};

/// Finds the fins of a photo with a Darknet network.
///
/// One instance serves one thread and uses all cores within a call; the number of cores it may
/// use is set for the whole process.
class Detector {
 public:
  /// Throws Error{kNotFound, kBadModel, kBadOptions}.
  Detector(const DetectorFiles& files, const DetectorOptions& options);
  ~Detector();
  Detector(Detector&&) noexcept;
  Detector& operator=(Detector&&) noexcept;

  /// Longest side at which a photo is worth decoding: more pixels do not change the answer.
  int min_longest_px() const;

  /// All fins, most confident first, in pixels of the full photo and clipped to it.
  ///
  /// Confidence is objectness times the probability of the most probable class; boxes are placed as
  /// `suppress_and_vote` says. The photo is letterboxed, never stretched. An empty picture has no
  /// fins. Throws Error{kBadInput} if `picture.bgr` is not CV_8UC3.
  std::vector<Detection> detect(const Picture& picture) const;

  /// Longest side at which a photo should be decoded for `detect_tiled`, given what was found in
  /// the whole; 0 where tiles are not wanted (`tile_grid`).
  int tiled_longest_px(int photo_width_px,
                       int photo_height_px,
                       const std::vector<Detection>& found) const;

  /// What `detect` found, joined with what tiles of the photo show: smaller fins. `picture` is the
  /// same photo, decoded at `tiled_longest_px` or more. Costs about a `detect` per tile.
  std::vector<Detection> detect_tiled(const Picture& picture,
                                      const std::vector<Detection>& found) const;

  /// SHA-256 of the files' SHA-256 in the order of DetectorFiles, each as 64 hex digits.
  const std::string& model_id() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
