#pragma once

#include "finview/photo/photo.h"

#include <cstdint>

#include <opencv2/core/types.hpp>

namespace finview {

/// Largest photo that is decoded; sizes are known from the header before any memory is asked for.
struct DecodeLimits {
  /// For the pixels asked for and what the decoder must keep beside them.
  std::uint64_t max_decoded_bytes = 400'000'000;
  int max_side_px = 65500;  ///< of the stored photo
};

/// Reads header and EXIF; no pixel is decoded. Malformed EXIF is left out, never an error.
///
/// The format is recognized by content, not by name. Throws Error{kBadInput} "<name>: <reason>"
/// for an empty file, one that is no readable photo (says what it is) and a broken header.
PhotoInfo read_photo_info(const PhotoFile& file);

// The three decoders take the info of the same file and return upright pixels. 16-bit samples
// become 8-bit by rounding v / 257; alpha is never multiplied in, so color under alpha 0 is what
// the file holds. Error{kBadInput} "<name>: <reason>" for photos above the limits (named with the
// numbers) and for truncated or damaged data: a picture is never partly made up. Memory: the
// pixels returned, plus the whole file's coefficients for a progressive JPEG, plus the stored
// picture for interlaced PNG and WebP.

/// The whole photo.
Picture decode_photo(const PhotoFile& file, const PhotoInfo& info, const DecodeLimits& limits = {});

/// A smaller picture whose longest side is at least `min_longest_px`, or the whole photo if it is
/// smaller than that.
///
/// JPEG: decoded at N/8 of its size (N = 1, 2, 4), so the longest side is less than twice what was
/// asked for, and a fraction of the memory. Other formats are decoded whole and averaged down to
/// `min_longest_px`.
Picture decode_reduced(const PhotoFile& file,
                       const PhotoInfo& info,
                       int min_longest_px,
                       const DecodeLimits& limits = {});

/// The pixels of `region`, given in upright coordinates; identical to that part of `decode_photo`.
///
/// Throws Error{kBadInput} if the region is empty or reaches outside the photo. JPEG and TIFF
/// decode only the blocks the region needs; rows above it still cost entropy decoding, rows below
/// it nothing, so damage below goes unnoticed.
Picture decode_region(const PhotoFile& file,
                      const PhotoInfo& info,
                      const cv::Rect& region,
                      const DecodeLimits& limits = {});

}  // namespace finview
