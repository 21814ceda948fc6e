#include "tests/support/photo_fixtures.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/support/fixture_bytes.h"
#include <jpeglib.h>
#include <opencv2/imgcodecs.hpp>
#include <png.h>
#include <webp/encode.h>
#include <zlib.h>

namespace finview::test {

namespace {

J_COLOR_SPACE stored_space(JpegColor color) {
  switch (color) {
    case JpegColor::kGray:
      return JCS_GRAYSCALE;
    case JpegColor::kRgb:
      return JCS_RGB;
    case JpegColor::kCmyk:
      return JCS_CMYK;
    case JpegColor::kYcck:
      return JCS_YCCK;
    default:
      return JCS_YCbCr;
  }
}

void append_png_chunk(Bytes& bytes, const std::string& type, const Bytes& data) {
  append_number(bytes, static_cast<std::uint32_t>(data.size()), 4, true);
  Bytes body(type.begin(), type.end());
  append(body, data);
  append(bytes, body);
  const auto crc =
      static_cast<std::uint32_t>(crc32(0, body.data(), static_cast<unsigned>(body.size())));
  append_number(bytes, crc, 4, true);
}

Bytes png_ihdr(std::uint32_t width_px, std::uint32_t height_px, int color_type) {
  Bytes data;
  append_number(data, width_px, 4, true);
  append_number(data, height_px, 4, true);
  append(data, {8, static_cast<std::uint8_t>(color_type), 0, 0, 0});
  Bytes bytes = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  append_png_chunk(bytes, "IHDR", data);
  return bytes;
}

// The rows, unfiltered, as one compressed IDAT and the end.
void append_png_rows(Bytes& bytes, const cv::Mat& rows) {
  Bytes raw;
  for (int y = 0; y < rows.rows; ++y) {
    raw.push_back(0);
    raw.insert(raw.end(), rows.ptr(y), rows.ptr(y) + rows.cols * rows.elemSize());
  }
  uLongf size = compressBound(raw.size());
  Bytes packed(size);
  check(compress(packed.data(), &size, raw.data(), raw.size()) == Z_OK, "a PNG");
  packed.resize(size);
  append_png_chunk(bytes, "IDAT", packed);
  append_png_chunk(bytes, "IEND", {});
}

Bytes riff_chunk(const char* type, const Bytes& data) {
  Bytes bytes(type, type + 4);
  append_number(bytes, static_cast<std::uint32_t>(data.size()), 4, false);
  append(bytes, data);
  if (data.size() % 2) bytes.push_back(0);
  return bytes;
}

}  // namespace

cv::Mat asymmetric_picture(int width_px, int height_px) {
  cv::Mat picture(height_px, width_px, CV_8UC3);
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      const double u = (x + 0.5) / width_px;
      const double v = (y + 0.5) / height_px;
      picture.at<cv::Vec3b>(y, x) =
          cv::Vec3b(cv::saturate_cast<std::uint8_t>(255 * u),
                    cv::saturate_cast<std::uint8_t>(255 * v * v),
                    cv::saturate_cast<std::uint8_t>(200 * (1 - u) * v + 40));
    }
  }
  return picture;
}

Bytes make_jpeg(const cv::Mat& picture, const JpegSpec& spec) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* out = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &out, &size);
  info.image_width = static_cast<JDIMENSION>(picture.cols);
  info.image_height = static_cast<JDIMENSION>(picture.rows);
  info.input_components = picture.channels();
  info.in_color_space = picture.channels() == 1   ? JCS_GRAYSCALE
                        : picture.channels() == 3 ? JCS_EXT_BGR
                                                  : JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_set_colorspace(&info, stored_space(spec.color));
  jpeg_set_quality(&info, spec.quality, TRUE);
  info.comp_info[0].h_samp_factor = spec.chroma_step_x;
  info.comp_info[0].v_samp_factor = spec.chroma_step_y;
  if (spec.color == JpegColor::kYcck) {
    info.comp_info[3].h_samp_factor = spec.chroma_step_x;
    info.comp_info[3].v_samp_factor = spec.chroma_step_y;
  }
  if (spec.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  if (!spec.exif.empty()) {
    Bytes marker = {'E', 'x', 'i', 'f', 0, 0};
    append(marker, spec.exif);
    jpeg_write_marker(&info, JPEG_APP0 + 1, marker.data(), static_cast<unsigned>(marker.size()));
  }
  for (int y = 0; y < picture.rows; ++y) {
    JSAMPROW row = const_cast<std::uint8_t*>(picture.ptr(y));
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  Bytes bytes(out, out + size);
  std::free(out);
  return bytes;
}

Bytes make_png(const cv::Mat& picture, const Bytes& exif) {
  Bytes bytes;
  check(cv::imencode(".png", picture, bytes), "a PNG");
  if (exif.empty()) return bytes;
  Bytes chunk;
  append_png_chunk(chunk, "eXIf", exif);
  bytes.insert(bytes.begin() + 33, chunk.begin(), chunk.end());
  return bytes;
}

Bytes make_gray_alpha_png(const cv::Mat& gray_alpha) {
  Bytes bytes = png_ihdr(static_cast<std::uint32_t>(gray_alpha.cols),
                         static_cast<std::uint32_t>(gray_alpha.rows),
                         PNG_COLOR_TYPE_GRAY_ALPHA);
  append_png_rows(bytes, gray_alpha);
  return bytes;
}

Bytes make_palette_png(const cv::Mat& indices, const std::vector<cv::Vec4b>& colors) {
  Bytes bytes = png_ihdr(static_cast<std::uint32_t>(indices.cols),
                         static_cast<std::uint32_t>(indices.rows),
                         PNG_COLOR_TYPE_PALETTE);
  Bytes palette;
  Bytes alphas;
  bool opaque = true;
  for (const cv::Vec4b& color : colors) {
    append(palette, {color[2], color[1], color[0]});
    alphas.push_back(color[3]);
    opaque = opaque && color[3] == 255;
  }
  append_png_chunk(bytes, "PLTE", palette);
  if (!opaque) append_png_chunk(bytes, "tRNS", alphas);
  append_png_rows(bytes, indices);
  return bytes;
}

Bytes make_interlaced_png(const cv::Mat& bgr) {
  Bytes bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png,
      &bytes,
      [](png_structp p, png_bytep data, std::size_t size) {
        auto& out = *static_cast<Bytes*>(png_get_io_ptr(p));
        out.insert(out.end(), data, data + size);
      },
      nullptr);
  png_set_IHDR(png,
               info,
               static_cast<png_uint_32>(bgr.cols),
               static_cast<png_uint_32>(bgr.rows),
               8,
               PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_ADAM7,
               PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  png_set_bgr(png);
  std::vector<png_bytep> rows;
  for (int y = 0; y < bgr.rows; ++y) rows.push_back(const_cast<png_bytep>(bgr.ptr(y)));
  png_write_image(png, rows.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

Bytes make_png_header(std::uint32_t width_px, std::uint32_t height_px) {
  Bytes bytes = png_ihdr(width_px, height_px, PNG_COLOR_TYPE_RGB);
  append_png_chunk(bytes, "IDAT", {0x78, 0x9C, 0x63, 0x00});
  return bytes;
}

Bytes make_webp(const cv::Mat& picture, const Bytes& exif) {
  const bool alpha = picture.channels() == 4;
  WebPConfig config;
  WebPPicture webp;
  WebPMemoryWriter memory;
  check(WebPConfigInit(&config) && WebPPictureInit(&webp), "a WebP");
  WebPMemoryWriterInit(&memory);
  config.lossless = 1;
  config.exact = 1;
  webp.use_argb = 1;
  webp.width = picture.cols;
  webp.height = picture.rows;
  webp.writer = WebPMemoryWrite;
  webp.custom_ptr = &memory;
  const int step = static_cast<int>(picture.step[0]);
  const bool loaded = alpha ? WebPPictureImportBGRA(&webp, picture.data, step)
                            : WebPPictureImportBGR(&webp, picture.data, step);
  check(loaded && WebPEncode(&config, &webp), "a WebP");
  const Bytes plain(memory.mem, memory.mem + memory.size);
  WebPMemoryWriterClear(&memory);
  WebPPictureFree(&webp);
  if (exif.empty()) return plain;
  Bytes flags = {static_cast<std::uint8_t>(alpha ? 0x18 : 0x08), 0, 0, 0};
  append_number(flags, static_cast<std::uint32_t>(picture.cols - 1), 3, false);
  append_number(flags, static_cast<std::uint32_t>(picture.rows - 1), 3, false);
  Bytes body = {'W', 'E', 'B', 'P'};
  append(body, riff_chunk("VP8X", flags));
  body.insert(body.end(), plain.begin() + 12, plain.end());
  append(body, riff_chunk("EXIF", exif));
  return riff_chunk("RIFF", body);
}

Bytes make_bmp(const cv::Mat& picture) {
  Bytes bytes;
  if (picture.channels() != 4) {
    check(cv::imencode(".bmp", picture, bytes), "a BMP");
    return bytes;
  }
  // Version 4 header, top down, with masks for blue, green, red and alpha.
  constexpr std::uint32_t kHeaderBytes = 108;
  bytes = {'B', 'M'};
  const auto pixel_bytes = static_cast<std::uint32_t>(4 * picture.total());
  for (const std::uint32_t value : {14 + kHeaderBytes + pixel_bytes, 0u, 14 + kHeaderBytes}) {
    append_number(bytes, value, 4, false);
  }
  append_number(bytes, kHeaderBytes, 4, false);
  append_number(bytes, static_cast<std::uint32_t>(picture.cols), 4, false);
  append_number(bytes, static_cast<std::uint32_t>(-picture.rows), 4, false);
  append_number(bytes, 1 | 32 << 16, 4, false);
  append_number(bytes, 3, 4, false);
  bytes.resize(14 + 40);
  for (const std::uint32_t mask : {0xFF0000u, 0xFF00u, 0xFFu, 0xFF000000u}) {
    append_number(bytes, mask, 4, false);
  }
  bytes.resize(14 + kHeaderBytes);
  const cv::Mat pixels = picture.clone();
  bytes.insert(bytes.end(), pixels.data, pixels.data + pixel_bytes);
  return bytes;
}

}  // namespace finview::test
