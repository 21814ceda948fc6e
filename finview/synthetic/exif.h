#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace finview::synthetic {

/// What a camera would note in a photo.
struct ExifFacts {
  std::string time;  ///< "2013:01:12 10:05:09"
  double latitude_deg = 0;
  double longitude_deg = 0;
  double focal_mm = 300;
};

/// The JPEG file with an EXIF block: make, model, time, focal length, position.
std::vector<std::uint8_t> with_exif(const std::vector<std::uint8_t>& jpeg, const ExifFacts& facts);

}  // namespace finview::synthetic
