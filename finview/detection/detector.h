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

  void visit(OptionVisitor& visitor);
};

/// Finds the fins of a photo with a Darknet network.
///
/// One instance serves one thread and uses all cores within a call; the number of cores it may
/// use is set for the whole process.
class Detector {
 public:
  /// Throws Error{kNotFound, kBadModel, kBadOptions}.
  Detector(const std::filesystem::path& cfg,
           const std::filesystem::path& weights,
           const DetectorOptions& options);
  ~Detector();
  Detector(Detector&&) noexcept;
  Detector& operator=(Detector&&) noexcept;

  /// Longest side at which a photo is worth decoding: more pixels do not change the answer.
  int min_longest_px() const;

  /// All fins, most confident first, in pixels of the full photo and clipped to it.
  ///
  /// Confidence is objectness times the probability of the most probable class. The photo is
  /// letterboxed, never stretched. An empty picture has no fins. Throws Error{kBadInput} if
  /// `picture.bgr` is not CV_8UC3.
  std::vector<Detection> detect(const Picture& picture) const;

  /// SHA-256 of the two files' SHA-256, configuration first, each as 64 hex digits.
  const std::string& model_id() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
