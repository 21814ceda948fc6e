#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview {

enum class PhotoFormat { kJpeg, kPng, kTiff, kWebp, kBmp };

/// A date and time as the camera's clock showed it; no zone.
struct CaptureTime {
  int year = 0;
  int month = 0;   ///< 1..12
  int day = 0;     ///< 1..31
  int hour = 0;    ///< 0..23; 0 when only the date is known
  int minute = 0;  ///< 0..59
  int second = 0;  ///< 0..59
  bool has_time = false;

  bool operator==(const CaptureTime&) const = default;
};

/// "2012-03-07", or "2012-03-07T14:05:09" where the time is known.
std::string to_string(const CaptureTime& time);

/// WGS 84.
struct GpsPosition {
  double latitude_deg = 0;   ///< -90..90, north positive
  double longitude_deg = 0;  ///< -180..180, east positive
  std::optional<double> altitude_m;
};

/// A photo as it lies on disk or in an archive, not decoded.
struct PhotoFile {
  std::string name;  ///< the path as given; members of archives are "trip.zip/day1/a.jpg"
  std::vector<std::uint8_t> bytes;
};

/// What a photo's header and EXIF say. Sizes are of the upright photo.
struct PhotoInfo {
  PhotoFormat format = PhotoFormat::kJpeg;
  int width_px = 0;
  int height_px = 0;
  int bits_per_channel = 8;  ///< as stored: 8 or fewer, or 16
  int exif_orientation = 1;  ///< 1..8 as EXIF defines it; 1 = stored upright
  std::optional<CaptureTime> taken;
  std::optional<GpsPosition> position;
  std::string camera;  ///< make and model; empty if not known
};

/// Decoded pixels, upright.
struct Picture {
  cv::Mat bgr;       ///< CV_8UC3
  cv::Mat alpha;     ///< CV_8UC1 of the same size; empty if the file has no alpha channel
  double scale = 1;  ///< pixels here per pixel of the full photo, in (0, 1]
};

}  // namespace finview
