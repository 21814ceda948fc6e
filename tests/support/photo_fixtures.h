#pragma once

#include "finview/photo/photo.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

/// Photos of every kind, as the bytes of their files.
namespace finview::test {

using Bytes = std::vector<std::uint8_t>;

/// BGR, smooth, different in all four corners, so that no turn or mirror of it looks the same.
cv::Mat asymmetric_picture(int width_px, int height_px);

struct ExifSpec {
  int orientation = 0;             ///< 0 = not said
  std::string date_time_original;  ///< "2012:03:07 14:05:09"
  std::string date_time;
  std::string make;
  std::string model;
  std::optional<GpsPosition> position;
  bool big_endian = false;
};

/// The TIFF structure of an EXIF block, without "Exif\0\0".
Bytes make_exif(const ExifSpec& spec);

enum class JpegColor { kYcc, kGray, kRgb, kCmyk, kYcck };

struct JpegSpec {
  int quality = 95;
  JpegColor color = JpegColor::kYcc;
  int chroma_step_x = 2;  ///< 1 or 2
  int chroma_step_y = 2;
  bool progressive = false;
  Bytes exif;  ///< as `make_exif` gives it; empty = none
};

/// `picture` is BGR; with kGray, one channel; with kCmyk and kYcck, four channels of inverted ink
/// (255 = none), as Photoshop writes them.
Bytes make_jpeg(const cv::Mat& picture, const JpegSpec& spec = {});

/// `picture`: 8 or 16 bits; gray, BGR or BGRA.
Bytes make_png(const cv::Mat& picture, const Bytes& exif = {});
/// Gray and alpha, 8 bits, two channels.
Bytes make_gray_alpha_png(const cv::Mat& gray_alpha);
/// One byte a pixel, an index into BGR(A) colors; alpha goes to tRNS if any is below 255.
Bytes make_palette_png(const cv::Mat& indices, const std::vector<cv::Vec4b>& colors);
Bytes make_interlaced_png(const cv::Mat& bgr);
/// A PNG of which only the header is true.
Bytes make_png_header(std::uint32_t width_px, std::uint32_t height_px);

struct TiffSpec {
  int orientation = 1;
  std::vector<cv::Vec3b> palette;  ///< BGR; the picture is then 8-bit indices
  bool tiled = false;
  bool separate_planes = false;
  bool compressed = false;
  std::string date_time;
  std::string date_time_original;
  std::string make;
  std::string model;
  std::optional<GpsPosition> position;
};

/// `picture`: 8 or 16 bits; gray, BGR or BGRA (alpha not multiplied in).
Bytes make_tiff(const cv::Mat& picture, const TiffSpec& spec = {});

/// Lossless, with the color under transparent pixels; `picture` is BGR or BGRA.
Bytes make_webp(const cv::Mat& picture, const Bytes& exif = {});

/// Gray, BGR or BGRA.
Bytes make_bmp(const cv::Mat& picture);

}  // namespace finview::test
