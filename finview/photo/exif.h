#pragma once

#include "finview/photo/stored_photo.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace finview::internal {

/// Reads an EXIF block: a TIFF structure, with or without the leading "Exif\0\0". Never throws.
ExifFacts read_exif(std::span<const std::uint8_t> block);

/// "2012:03:07 14:05:09"; absent if it is not a date and time that exists.
std::optional<CaptureTime> parse_exif_time(const std::string& text);

/// Degrees, minutes, seconds and "N"/"S"/"E"/"W" to signed degrees; absent if out of range.
std::optional<double> degrees_from_dms(const double (&dms)[3], char hemisphere, double limit_deg);

/// "Canon EOS R5" from "Canon" and "Canon EOS R5", "NIKON D90" from "NIKON" and "D90".
std::string camera_name(const std::string& make, const std::string& model);

}  // namespace finview::internal
