#pragma once

#include "finview/detection/detection.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace finview {

enum class SampleRole {
  kPhoto,   ///< every fin in it has a box; no box = a fin-free photo
  kCutout,  ///< a close-up of one fin with its box, to be pasted into photos
};

/// A decoded picture with its labels.
struct DetectionSample {
  std::string name;   ///< file name
  std::string group;  ///< what must not straddle a split: encounter, source or photographer
  SampleRole role = SampleRole::kPhoto;
  int width_px = 0;
  int height_px = 0;
  std::vector<std::uint8_t> rgb;   ///< planar: R, G, B, each height x width
  std::vector<std::uint8_t> mask;  ///< height x width, 255 = fin; empty = not known
  std::vector<Detection> boxes;    ///< in pixels of this picture, confidence 1
};

/// Labelled pictures in one file, so that training needs no picture decoder.
///
/// Numbers are little-endian; pictures are stored raw.
struct DetectionPack {
  std::vector<DetectionSample> samples;

  /// Throws Error{kNotFound}, or Error{kBadInput} with the sample at which the file breaks off,
  /// or where a box or size is out of range.
  static DetectionPack read(const std::filesystem::path& path);
  /// Throws Error{kBadInput} if a sample's pixels or boxes do not fit its size.
  void write(const std::filesystem::path& path) const;
};

}  // namespace finview
