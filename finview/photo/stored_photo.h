#pragma once

#include "finview/photo/photo.h"

#include <cstdint>
#include <optional>
#include <string>

#include <opencv2/core/mat.hpp>

namespace finview::internal {

/// What EXIF may say; everything it does not say, or says malformed, is absent.
struct ExifFacts {
  int orientation = 1;
  std::optional<CaptureTime> taken;
  std::optional<GpsPosition> position;
  std::string camera;
};

/// A photo's header. Sizes are as stored, before turning upright.
struct StoredHeader {
  int width_px = 0;
  int height_px = 0;
  bool has_alpha = false;
  int bits_per_channel = 8;
  std::uint64_t working_bytes = 0;  ///< the decoder needs beside the pixels it hands out
  ExifFacts exif;
};

/// Throws Error{kBadInput} "<file name>: <reason>".
[[noreturn]] void fail(const PhotoFile& file, const std::string& reason);

/// Collects the stored pixels inside a window and turns them upright block by block, so that a
/// turned photo never lies in memory twice.
class UprightWriter {
 public:
  /// `window` is in stored coordinates; what is put outside of it is dropped.
  UprightWriter(const cv::Rect& window, int exif_orientation, bool has_alpha);

  const cv::Rect& window() const { return window_; }
  bool has_alpha() const { return !picture_.alpha.empty(); }
  /// Whether rows from `stored_y` on are of no interest.
  bool past_end(int stored_y) const { return stored_y >= window_.y + window_.height; }

  /// `block` is CV_8UC3 BGR, or CV_8UC4 BGRA if the photo has alpha; `at` is the stored position
  /// of its first pixel.
  void put(const cv::Mat& block, cv::Point at);
  Picture take() { return std::move(picture_); }

 private:
  cv::Rect window_;
  int orientation_;
  Picture picture_;
};

/// The size upright of something `stored` large.
cv::Size upright_size(cv::Size stored, int exif_orientation);
/// Where the stored rectangle `rect` of a photo `stored` large lies upright, and back.
cv::Rect upright_from_stored(const cv::Rect& rect, cv::Size stored, int exif_orientation);
cv::Rect stored_from_upright(const cv::Rect& rect, cv::Size stored, int exif_orientation);

}  // namespace finview::internal
