#pragma once

#include "finview/photo/stored_photo.h"

/// One header reader and one decoder per file format. All throw Error{kBadInput} that names the
/// file and what is wrong with it; none writes to standard error. Header readers decode no pixel.
namespace finview::internal {

/// Recognizes the format by content. Throws Error{kBadInput} that says what was found instead.
PhotoFormat recognize_format(const PhotoFile& file);

StoredHeader read_jpeg_header(const PhotoFile& file);
/// Decodes at `eighths`/8 of the stored size (1..8; sizes round up); the window of `out` is in
/// pixels of that size. At 8/8 only what the window needs is decoded.
void decode_jpeg(const PhotoFile& file, int eighths, UprightWriter& out);

StoredHeader read_png_header(const PhotoFile& file);
void decode_png(const PhotoFile& file, UprightWriter& out);

StoredHeader read_tiff_header(const PhotoFile& file);
void decode_tiff(const PhotoFile& file, UprightWriter& out);

StoredHeader read_webp_header(const PhotoFile& file);
void decode_webp(const PhotoFile& file, UprightWriter& out);

StoredHeader read_bmp_header(const PhotoFile& file);
void decode_bmp(const PhotoFile& file, UprightWriter& out);

}  // namespace finview::internal
