#include "finview/photo/decode.h"

#include "finview/photo/formats.h"

#include <algorithm>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

namespace finview {

namespace {

using internal::StoredHeader;
using internal::UprightWriter;

StoredHeader read_header(const PhotoFile& file, PhotoFormat format) {
  switch (format) {
    case PhotoFormat::kJpeg:
      return internal::read_jpeg_header(file);
    case PhotoFormat::kPng:
      return internal::read_png_header(file);
    case PhotoFormat::kTiff:
      return internal::read_tiff_header(file);
    case PhotoFormat::kWebp:
      return internal::read_webp_header(file);
    case PhotoFormat::kBmp:
      return internal::read_bmp_header(file);
  }
  internal::fail(file, "unknown photo format");
}

void decode_stored(const PhotoFile& file, PhotoFormat format, int eighths, UprightWriter& out) {
  switch (format) {
    case PhotoFormat::kJpeg:
      return internal::decode_jpeg(file, eighths, out);
    case PhotoFormat::kPng:
      return internal::decode_png(file, out);
    case PhotoFormat::kTiff:
      return internal::decode_tiff(file, out);
    case PhotoFormat::kWebp:
      return internal::decode_webp(file, out);
    case PhotoFormat::kBmp:
      return internal::decode_bmp(file, out);
  }
}

StoredHeader read_checked_header(const PhotoFile& file,
                                 const PhotoInfo& info,
                                 const DecodeLimits& limits) {
  StoredHeader header = read_header(file, info.format);
  if (std::max(header.width_px, header.height_px) > limits.max_side_px) {
    internal::fail(file,
                   fmt::format("{} x {} pixels is above the limit of {} pixels a side",
                               header.width_px,
                               header.height_px,
                               limits.max_side_px));
  }
  return header;
}

void check_bytes(const PhotoFile& file,
                 const StoredHeader& header,
                 cv::Size wanted,
                 const DecodeLimits& limits) {
  const auto pixels =
      static_cast<std::uint64_t>(wanted.width) * static_cast<std::uint64_t>(wanted.height);
  const std::uint64_t bytes = pixels * (header.has_alpha ? 4 : 3) + header.working_bytes;
  if (bytes > limits.max_decoded_bytes) {
    internal::fail(file,
                   fmt::format("{} x {} pixels would need {} bytes to decode, above the limit of "
                               "{} bytes; make the photo smaller or raise the limit",
                               header.width_px,
                               header.height_px,
                               bytes,
                               limits.max_decoded_bytes));
  }
}

// `window` is in stored pixels at eighths/8 of the stored size.
Picture decode_window(const PhotoFile& file,
                      const PhotoInfo& info,
                      const StoredHeader& header,
                      int eighths,
                      const cv::Rect& window,
                      const DecodeLimits& limits) {
  check_bytes(file, header, window.size(), limits);
  UprightWriter out(window, info.exif_orientation, header.has_alpha);
  decode_stored(file, info.format, eighths, out);
  Picture picture = out.take();
  picture.scale = eighths / 8.0;
  return picture;
}

cv::Size size_at(const StoredHeader& header, int eighths) {
  return {(header.width_px * eighths + 7) / 8, (header.height_px * eighths + 7) / 8};
}

}  // namespace

PhotoInfo read_photo_info(const PhotoFile& file) {
  PhotoInfo info;
  info.format = internal::recognize_format(file);
  const StoredHeader header = read_header(file, info.format);
  const cv::Size size =
      internal::upright_size({header.width_px, header.height_px}, header.exif.orientation);
  info.width_px = size.width;
  info.height_px = size.height;
  info.bits_per_channel = header.bits_per_channel;
  info.exif_orientation = header.exif.orientation;
  info.taken = header.exif.taken;
  info.position = header.exif.position;
  info.camera = header.exif.camera;
  return info;
}

Picture decode_photo(const PhotoFile& file, const PhotoInfo& info, const DecodeLimits& limits) {
  const StoredHeader header = read_checked_header(file, info, limits);
  return decode_window(file, info, header, 8, {{0, 0}, size_at(header, 8)}, limits);
}

Picture decode_reduced(const PhotoFile& file,
                       const PhotoInfo& info,
                       int min_longest_px,
                       const DecodeLimits& limits) {
  const StoredHeader header = read_checked_header(file, info, limits);
  const int longest = std::max(header.width_px, header.height_px);
  int eighths = 8;
  if (info.format == PhotoFormat::kJpeg) {
    while (eighths > 1 && (longest * (eighths / 2) + 7) / 8 >= min_longest_px) eighths /= 2;
  }
  Picture picture =
      decode_window(file, info, header, eighths, {{0, 0}, size_at(header, eighths)}, limits);
  if (info.format == PhotoFormat::kJpeg || longest <= min_longest_px) return picture;
  picture.scale = static_cast<double>(min_longest_px) / longest;
  const cv::Size size(std::max(1, cvRound(picture.bgr.cols * picture.scale)),
                      std::max(1, cvRound(picture.bgr.rows * picture.scale)));
  cv::resize(picture.bgr, picture.bgr, size, 0, 0, cv::INTER_AREA);
  if (!picture.alpha.empty()) {
    cv::resize(picture.alpha, picture.alpha, size, 0, 0, cv::INTER_AREA);
  }
  return picture;
}

Picture decode_region(const PhotoFile& file,
                      const PhotoInfo& info,
                      const cv::Rect& region,
                      const DecodeLimits& limits) {
  const StoredHeader header = read_checked_header(file, info, limits);
  const cv::Size stored(header.width_px, header.height_px);
  const cv::Rect photo({0, 0}, internal::upright_size(stored, info.exif_orientation));
  if (region.empty() || (region & photo) != region) {
    internal::fail(
        file,
        fmt::format("the region {} x {} at ({}, {}) does not lie inside the photo of {} x {}",
                    region.width,
                    region.height,
                    region.x,
                    region.y,
                    photo.width,
                    photo.height));
  }
  const cv::Rect window = internal::stored_from_upright(region, stored, info.exif_orientation);
  return decode_window(file, info, header, 8, window, limits);
}

}  // namespace finview
