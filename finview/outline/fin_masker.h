#pragma once

#include "finview/outline/fin_outline.h"

#include <filesystem>
#include <memory>
#include <string>

#include <opencv2/core/mat.hpp>

namespace finview {

/// A fin's mask as two networks see it.
struct FoundMask {
  cv::Mat mask;   ///< CV_8UC1, size of the crop, 0 or 255, one region without holes
  cv::Mat cover;  ///< CV_32FC1, share of each pixel that is fin
  /// Intersection over union with the truth that the networks' probabilities promise.
  double expected_overlap = 0;
  /// Chance that the true one is at least 0.9, as the model's contract makes it of the promise.
  double confidence = 0;
  MaskDoubt doubt = MaskDoubt::kNone;
};

/// Finds the one fin that a crop is about: a network of a few hundred pixels a side finds it, a
/// second one nears its border at `MaskContract::fine_px`, and `place_border` settles it there.
class FinMasker {
 public:
  /// Throws Error{kNotFound} if there is no such file and Error{kBadModel} if it is no model of
  /// kind "fin-outline".
  explicit FinMasker(const std::filesystem::path& model_path);
  ~FinMasker();

  /// The mask of a crop (CV_8UC3, base at the bottom) of any size; zeros with a reason where no fin
  /// is found.
  ///
  /// Works on the calling thread alone; may be called from several threads. Deterministic. About
  /// 100 ms.
  FoundMask find(const cv::Mat& bgr) const;

  const std::string& model_id() const;  ///< SHA-256 of the file, 64 hex digits

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
