#include "tests/support/photo_fixtures.h"

#include "finview/base/files.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "tests/support/scratch_folder.h"
#include <jpeglib.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <png.h>
#include <tiffio.h>
#include <webp/encode.h>
#include <zlib.h>

namespace finview::test {

namespace {

void append(Bytes& bytes, const Bytes& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

void append_number(Bytes& bytes, std::uint32_t value, int size, bool big_endian) {
  for (int i = 0; i < size; ++i) {
    const int shift = 8 * (big_endian ? size - 1 - i : i);
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

// Writes one TIFF directory after another; values longer than 4 bytes follow their directory.
class ExifWriter {
 public:
  struct Entry {
    std::uint16_t tag;
    std::uint16_t type;
    std::uint32_t count;
    Bytes value;
  };

  explicit ExifWriter(bool big_endian) : big_endian_(big_endian) {}

  Bytes number(std::uint32_t value, int size) const {
    Bytes bytes;
    append_number(bytes, value, size, big_endian_);
    return bytes;
  }
  Entry short_entry(std::uint16_t tag, std::uint32_t value) const {
    return {tag, 3, 1, number(value, 2)};
  }
  Entry long_entry(std::uint16_t tag, std::uint32_t value) const {
    return {tag, 4, 1, number(value, 4)};
  }
  Entry text_entry(std::uint16_t tag, const std::string& text) const {
    Bytes value(text.begin(), text.end());
    value.push_back(0);
    return {tag, 2, static_cast<std::uint32_t>(value.size()), value};
  }
  Entry rational_entry(std::uint16_t tag, const std::vector<double>& values) const {
    Entry entry{tag, 5, static_cast<std::uint32_t>(values.size()), {}};
    for (const double value : values) {
      append(entry.value, number(static_cast<std::uint32_t>(std::lround(value * 100000)), 4));
      append(entry.value, number(100000, 4));
    }
    return entry;
  }

  static std::uint32_t size_of(const std::vector<Entry>& entries) {
    std::uint32_t size = 6;
    for (const Entry& entry : entries) {
      size += 12;
      if (entry.value.size() > 4)
        size += static_cast<std::uint32_t>(entry.value.size() + entry.value.size() % 2);
    }
    return size;
  }

  Bytes directory(const std::vector<Entry>& entries, std::uint32_t at) const {
    Bytes bytes = number(static_cast<std::uint32_t>(entries.size()), 2);
    Bytes values;
    const auto values_at = static_cast<std::uint32_t>(at + 6 + 12 * entries.size());
    for (const Entry& entry : entries) {
      append(bytes, number(entry.tag, 2));
      append(bytes, number(entry.type, 2));
      append(bytes, number(entry.count, 4));
      Bytes value = entry.value;
      if (value.size() > 4) {
        append(bytes, number(static_cast<std::uint32_t>(values_at + values.size()), 4));
        append(values, value);
        if (value.size() % 2) values.push_back(0);
      } else {
        value.resize(4);
        append(bytes, value);
      }
    }
    append(bytes, number(0, 4));
    append(bytes, values);
    return bytes;
  }

 private:
  bool big_endian_;
};

std::vector<double> dms(double degrees) {
  const double size = std::abs(degrees);
  const double minutes = (size - std::floor(size)) * 60;
  return {std::floor(size), std::floor(minutes), (minutes - std::floor(minutes)) * 60};
}

std::vector<ExifWriter::Entry> gps_entries(const ExifWriter& writer, const GpsPosition& position) {
  std::vector<ExifWriter::Entry> entries = {
      writer.text_entry(1, position.latitude_deg < 0 ? "S" : "N"),
      writer.rational_entry(2, dms(position.latitude_deg)),
      writer.text_entry(3, position.longitude_deg < 0 ? "W" : "E"),
      writer.rational_entry(4, dms(position.longitude_deg))};
  if (position.altitude_m) {
    const std::uint8_t below = *position.altitude_m < 0 ? 1 : 0;
    entries.push_back({5, 1, 1, {below}});
    entries.push_back(writer.rational_entry(6, {std::abs(*position.altitude_m)}));
  }
  return entries;
}

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

void check(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("cannot make ") + what);
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

cv::Mat to_rgb(const cv::Mat& picture) {
  cv::Mat rgb = picture.clone();
  if (picture.channels() == 3) cv::cvtColor(picture, rgb, cv::COLOR_BGR2RGB);
  if (picture.channels() == 4) cv::cvtColor(picture, rgb, cv::COLOR_BGRA2RGBA);
  return rgb;
}

void write_tiff_pixels(TIFF* tiff, const cv::Mat& rgb, const TiffSpec& spec) {
  std::vector<cv::Mat> planes = {rgb};
  if (spec.separate_planes) cv::split(rgb, planes);
  for (std::size_t i = 0; i < planes.size(); ++i) {
    const auto plane = static_cast<std::uint16_t>(i);
    if (!spec.tiled) {
      for (int y = 0; y < rgb.rows; ++y) {
        cv::Mat row = planes[i].row(y).clone();
        check(TIFFWriteScanline(tiff, row.data, static_cast<std::uint32_t>(y), plane) == 1,
              "a TIFF");
      }
      continue;
    }
    for (int y = 0; y < rgb.rows; y += 32) {
      for (int x = 0; x < rgb.cols; x += 48) {
        cv::Mat tile = cv::Mat::zeros(32, 48, planes[i].type());
        const cv::Rect place = cv::Rect(x, y, 48, 32) & cv::Rect({0, 0}, rgb.size());
        planes[i](place).copyTo(tile(place - cv::Point(x, y)));
        check(TIFFWriteTile(tiff,
                            tile.data,
                            static_cast<std::uint32_t>(x),
                            static_cast<std::uint32_t>(y),
                            0,
                            plane) > 0,
              "a TIFF");
      }
    }
  }
}

void set_tiff_layout(TIFF* tiff, const cv::Mat& picture, const TiffSpec& spec) {
  const int channels = picture.channels();
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, picture.cols);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, picture.rows);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, channels);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, picture.depth() == CV_8U ? 8 : 16);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, channels >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
  TIFFSetField(tiff,
               TIFFTAG_PLANARCONFIG,
               spec.separate_planes ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, spec.compressed ? COMPRESSION_LZW : COMPRESSION_NONE);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, spec.orientation);
  if (channels == 4) {
    const std::uint16_t kinds[] = {EXTRASAMPLE_UNASSALPHA};
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, kinds);
  }
  if (spec.tiled) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 48);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, 32);
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 7);
  }
  if (!spec.make.empty()) TIFFSetField(tiff, TIFFTAG_MAKE, spec.make.c_str());
  if (!spec.model.empty()) TIFFSetField(tiff, TIFFTAG_MODEL, spec.model.c_str());
  if (!spec.date_time.empty()) TIFFSetField(tiff, TIFFTAG_DATETIME, spec.date_time.c_str());
}

// EXIF and GPS directories can only be written after the main one, which then points to them.
void add_tiff_directories(TIFF* tiff, const TiffSpec& spec) {
  std::uint64_t exif_at = 0;
  std::uint64_t gps_at = 0;
  check(TIFFWriteDirectory(tiff) == 1, "a TIFF");
  if (!spec.date_time_original.empty()) {
    TIFFCreateEXIFDirectory(tiff);
    TIFFSetField(tiff, EXIFTAG_DATETIMEORIGINAL, spec.date_time_original.c_str());
    check(TIFFWriteCustomDirectory(tiff, &exif_at) == 1, "a TIFF");
  }
  if (spec.position) {
    TIFFCreateGPSDirectory(tiff);
    const std::vector<double> latitude = dms(spec.position->latitude_deg);
    const std::vector<double> longitude = dms(spec.position->longitude_deg);
    TIFFSetField(tiff, GPSTAG_LATITUDEREF, spec.position->latitude_deg < 0 ? "S" : "N");
    TIFFSetField(tiff, GPSTAG_LATITUDE, latitude.data());
    TIFFSetField(tiff, GPSTAG_LONGITUDEREF, spec.position->longitude_deg < 0 ? "W" : "E");
    TIFFSetField(tiff, GPSTAG_LONGITUDE, longitude.data());
    if (spec.position->altitude_m) {
      TIFFSetField(tiff, GPSTAG_ALTITUDEREF, *spec.position->altitude_m < 0 ? 1 : 0);
      TIFFSetField(tiff, GPSTAG_ALTITUDE, std::abs(*spec.position->altitude_m));
    }
    check(TIFFWriteCustomDirectory(tiff, &gps_at) == 1, "a TIFF");
  }
  TIFFSetDirectory(tiff, 0);
  if (exif_at) TIFFSetField(tiff, TIFFTAG_EXIFIFD, exif_at);
  if (gps_at) TIFFSetField(tiff, TIFFTAG_GPSIFD, gps_at);
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

Bytes make_exif(const ExifSpec& spec) {
  const ExifWriter writer(spec.big_endian);
  std::vector<ExifWriter::Entry> main;
  if (!spec.make.empty()) main.push_back(writer.text_entry(0x10F, spec.make));
  if (!spec.model.empty()) main.push_back(writer.text_entry(0x110, spec.model));
  if (spec.orientation)
    main.push_back(writer.short_entry(0x112, static_cast<std::uint32_t>(spec.orientation)));
  if (!spec.date_time.empty()) main.push_back(writer.text_entry(0x132, spec.date_time));
  std::vector<ExifWriter::Entry> exif;
  if (!spec.date_time_original.empty())
    exif.push_back(writer.text_entry(0x9003, spec.date_time_original));
  std::vector<ExifWriter::Entry> gps;
  if (spec.position) gps = gps_entries(writer, *spec.position);

  const std::size_t num_own = main.size();
  if (!exif.empty()) main.push_back(writer.long_entry(0x8769, 0));
  if (!gps.empty()) main.push_back(writer.long_entry(0x8825, 0));
  const std::uint32_t exif_at = 8 + ExifWriter::size_of(main);
  const std::uint32_t gps_at = exif_at + (exif.empty() ? 0 : ExifWriter::size_of(exif));
  if (!exif.empty()) main[num_own] = writer.long_entry(0x8769, exif_at);
  if (!gps.empty()) main.back() = writer.long_entry(0x8825, gps_at);

  Bytes bytes = spec.big_endian ? Bytes{'M', 'M'} : Bytes{'I', 'I'};
  append(bytes, writer.number(42, 2));
  append(bytes, writer.number(8, 4));
  append(bytes, writer.directory(main, 8));
  if (!exif.empty()) append(bytes, writer.directory(exif, exif_at));
  if (!gps.empty()) append(bytes, writer.directory(gps, gps_at));
  return bytes;
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

Bytes make_tiff(const cv::Mat& picture, const TiffSpec& spec) {
  const ScratchFolder folder;
  const std::filesystem::path path = folder / "made.tif";
  TIFF* tiff = TIFFOpen(path.c_str(), "w");
  check(tiff != nullptr, "a TIFF");
  set_tiff_layout(tiff, picture, spec);
  write_tiff_pixels(tiff, to_rgb(picture), spec);
  if (!spec.date_time_original.empty() || spec.position) add_tiff_directories(tiff, spec);
  TIFFClose(tiff);
  return read_file(path);
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
