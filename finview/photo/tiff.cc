#include "finview/photo/bytes.h"
#include "finview/photo/exif.h"
#include "finview/photo/formats.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <opencv2/core.hpp>
#include <tiffio.h>

namespace finview::internal {

namespace {

constexpr tmsize_t kMaxBlockBytes = tmsize_t{1} << 30;

// A TIFF in memory, read through libtiff; its last complaint is kept, nothing is printed.
class TiffReader {
 public:
  explicit TiffReader(const PhotoFile& file) : file_(file) {
    const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(
        TIFFOpenOptionsAlloc(), TIFFOpenOptionsFree);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMaxBlockBytes);
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, this);
    TIFFOpenOptionsSetWarningHandlerExtR(
        options.get(), [](TIFF*, void*, const char*, const char*, va_list) { return 1; }, nullptr);
    tiff_ = TIFFClientOpenExt("photo",
                              "rm",
                              this,
                              on_read,
                              on_write,
                              on_seek,
                              on_close,
                              on_size,
                              nullptr,
                              nullptr,
                              options.get());
    if (!tiff_) fail(file_, "the TIFF header cannot be read" + complaint());
  }
  ~TiffReader() { TIFFClose(tiff_); }
  TiffReader(const TiffReader&) = delete;
  TiffReader& operator=(const TiffReader&) = delete;

  TIFF* get() const { return tiff_; }

  template <class T>
  T field(std::uint32_t tag, T fallback) const {
    T value{};
    return TIFFGetFieldDefaulted(tiff_, tag, &value) ? value : fallback;
  }

  std::string text(std::uint32_t tag) const {
    const char* value = nullptr;
    return TIFFGetField(tiff_, tag, &value) && value ? value : "";
  }

  /// ": <libtiff's words>", or nothing if it has not complained.
  std::string complaint() const { return complaint_.empty() ? "" : ": " + complaint_; }

  [[noreturn]] void fail_at_row(int y) const {
    fail(file_, fmt::format("the TIFF is truncated or damaged at about row {}{}", y, complaint()));
  }

 private:
  static TiffReader& self(thandle_t handle) { return *static_cast<TiffReader*>(handle); }

  static int on_error(TIFF*, void* reader, const char*, const char* format, va_list arguments) {
    char text[200];
    std::vsnprintf(text, sizeof text, format, arguments);
    self(reader).complaint_ = text;
    return 1;
  }

  static tmsize_t on_read(thandle_t handle, void* out, tmsize_t count) {
    TiffReader& reader = self(handle);
    const std::uint64_t size = reader.file_.bytes.size();
    const std::uint64_t left = reader.position_ < size ? size - reader.position_ : 0;
    const std::uint64_t given = std::min(left, static_cast<std::uint64_t>(count));
    if (given > 0) std::memcpy(out, reader.file_.bytes.data() + reader.position_, given);
    reader.position_ += given;
    return static_cast<tmsize_t>(given);
  }

  static tmsize_t on_write(thandle_t, void*, tmsize_t) { return 0; }

  static toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
    TiffReader& reader = self(handle);
    const toff_t base = whence == SEEK_SET   ? 0
                        : whence == SEEK_CUR ? reader.position_
                                             : reader.file_.bytes.size();
    reader.position_ = base + offset;
    return reader.position_;
  }

  static int on_close(thandle_t) { return 0; }
  static toff_t on_size(thandle_t handle) { return self(handle).file_.bytes.size(); }

  const PhotoFile& file_;
  TIFF* tiff_ = nullptr;
  std::uint64_t position_ = 0;
  std::string complaint_;
};

// How the pixels lie in the file.
struct Layout {
  int width_px = 0;
  int height_px = 0;
  int samples = 0;
  int bits = 0;
  int photometric = 0;
  bool separate_planes = false;
  bool tiled = false;
  bool has_alpha = false;
  int block_width_px = 0;
  int block_height_px = 0;
  std::uint64_t block_bytes = 0;

  int color_samples() const { return photometric == PHOTOMETRIC_RGB ? 3 : 1; }
  /// Gray and RGB of 8 or 16 bits are read sample by sample, so that color under a transparent
  /// pixel survives; palettes, inks and YCbCr, which have no alpha, are left to libtiff.
  bool plain() const {
    const bool known = photometric == PHOTOMETRIC_RGB || photometric == PHOTOMETRIC_MINISBLACK ||
                       photometric == PHOTOMETRIC_MINISWHITE;
    return known && (bits == 8 || bits == 16) && samples >= color_samples();
  }
};

Layout layout_of(const PhotoFile& file, const TiffReader& reader) {
  TIFF* tiff = reader.get();
  Layout layout;
  const auto width = reader.field<std::uint32_t>(TIFFTAG_IMAGEWIDTH, 0);
  const auto height = reader.field<std::uint32_t>(TIFFTAG_IMAGELENGTH, 0);
  if (width == 0 || height == 0 || width > INT32_MAX || height > INT32_MAX) {
    fail(file, fmt::format("the TIFF header gives an impossible size, {} x {}", width, height));
  }
  layout.width_px = static_cast<int>(width);
  layout.height_px = static_cast<int>(height);
  layout.samples = reader.field<std::uint16_t>(TIFFTAG_SAMPLESPERPIXEL, 1);
  layout.bits = reader.field<std::uint16_t>(TIFFTAG_BITSPERSAMPLE, 1);
  layout.photometric = reader.field<std::uint16_t>(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  layout.separate_planes = reader.field<std::uint16_t>(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) ==
                           PLANARCONFIG_SEPARATE;
  const auto kind = reader.field<std::uint16_t>(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  if ((kind != SAMPLEFORMAT_UINT && kind != SAMPLEFORMAT_VOID) || layout.bits > 16) {
    fail(file,
         fmt::format("the TIFF has {}-bit {} samples; 8 and 16-bit whole numbers can be read",
                     layout.bits,
                     kind == SAMPLEFORMAT_IEEEFP ? "floating-point" : "wide or signed"));
  }
  layout.has_alpha = layout.plain() && layout.samples == layout.color_samples() + 1;
  layout.tiled = TIFFIsTiled(tiff) != 0;
  if (layout.tiled) {
    layout.block_width_px = static_cast<int>(reader.field<std::uint32_t>(TIFFTAG_TILEWIDTH, 0));
    layout.block_height_px = static_cast<int>(reader.field<std::uint32_t>(TIFFTAG_TILELENGTH, 0));
    layout.block_bytes = TIFFTileSize64(tiff);
  } else {
    const auto rows = reader.field<std::uint32_t>(TIFFTAG_ROWSPERSTRIP, height);
    layout.block_width_px = layout.width_px;
    layout.block_height_px = static_cast<int>(std::min(rows, height));
    layout.block_bytes = TIFFStripSize64(tiff);
  }
  if (layout.block_width_px <= 0 || layout.block_height_px <= 0 || layout.block_bytes == 0) {
    fail(file, "the TIFF header is damaged" + reader.complaint());
  }
  return layout;
}

ExifFacts facts_of(TiffReader& reader) {
  ExifFacts facts;
  const int orientation = reader.field<std::uint16_t>(TIFFTAG_ORIENTATION, 1);
  if (orientation >= 1 && orientation <= 8) facts.orientation = orientation;
  facts.camera = camera_name(reader.text(TIFFTAG_MAKE), reader.text(TIFFTAG_MODEL));
  facts.taken = parse_exif_time(reader.text(TIFFTAG_DATETIME));
  TIFF* tiff = reader.get();
  toff_t exif_at = 0;
  toff_t gps_at = 0;
  const bool has_exif = TIFFGetField(tiff, TIFFTAG_EXIFIFD, &exif_at) != 0;
  const bool has_gps = TIFFGetField(tiff, TIFFTAG_GPSIFD, &gps_at) != 0;
  if (has_exif && TIFFReadEXIFDirectory(tiff, exif_at)) {
    const auto original = parse_exif_time(reader.text(EXIFTAG_DATETIMEORIGINAL));
    if (original) facts.taken = original;
  }
  if (!has_gps || !TIFFReadGPSDirectory(tiff, gps_at)) return facts;
  const auto angle = [&](std::uint32_t tag, std::uint32_t ref_tag, double limit_deg) {
    const double* values = nullptr;
    const std::string hemisphere = reader.text(ref_tag);
    if (!TIFFGetField(tiff, tag, &values) || !values || hemisphere.empty()) {
      return std::optional<double>();
    }
    const double dms[3] = {values[0], values[1], values[2]};
    return degrees_from_dms(dms, hemisphere[0], limit_deg);
  };
  const auto latitude = angle(GPSTAG_LATITUDE, GPSTAG_LATITUDEREF, 90);
  const auto longitude = angle(GPSTAG_LONGITUDE, GPSTAG_LONGITUDEREF, 180);
  if (!latitude || !longitude) return facts;
  facts.position = GpsPosition{*latitude, *longitude, {}};
  double altitude_m = 0;
  std::uint8_t below_sea = 0;
  if (TIFFGetField(tiff, GPSTAG_ALTITUDE, &altitude_m)) {
    TIFFGetField(tiff, GPSTAG_ALTITUDEREF, &below_sea);
    facts.position->altitude_m = below_sea == 1 ? -altitude_m : altitude_m;
  }
  return facts;
}

// One plane of samples (or all of them, interleaved) of the block whose first pixel is `at`.
cv::Mat read_plane(
    const TiffReader& reader, const Layout& layout, cv::Point at, int rows, int plane) {
  TIFF* tiff = reader.get();
  const int channels = layout.separate_planes ? 1 : layout.samples;
  cv::Mat block(
      rows, layout.block_width_px, CV_MAKETYPE(layout.bits == 8 ? CV_8U : CV_16U, channels));
  const auto x = static_cast<std::uint32_t>(at.x);
  const auto y = static_cast<std::uint32_t>(at.y);
  const auto sample = static_cast<std::uint16_t>(plane);
  const auto wanted = static_cast<tmsize_t>(block.total() * block.elemSize());
  const tmsize_t got =
      layout.tiled
          ? TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, x, y, 0, sample), block.data, wanted)
          : TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y, sample), block.data, wanted);
  if (got < wanted) reader.fail_at_row(at.y);
  return block;
}

cv::Mat to_bgr(const std::vector<cv::Mat>& samples, const Layout& layout, bool alpha) {
  const int colors = layout.color_samples();
  const auto last = static_cast<std::size_t>(colors - 1);
  std::vector<cv::Mat> parts = {samples[last], samples[last / 2], samples[0]};
  if (alpha) parts.push_back(samples[static_cast<std::size_t>(colors)]);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (layout.bits == 16) parts[i].convertTo(parts[i], CV_8U, 1.0 / 257);
    // A new picture: the three may be one and the same plane.
    if (i < 3 && layout.photometric == PHOTOMETRIC_MINISWHITE) parts[i] = cv::Mat(255 - parts[i]);
  }
  cv::Mat bgr;
  cv::merge(parts, bgr);
  return bgr;
}

void decode_plain(const TiffReader& reader, const Layout& layout, UprightWriter& out) {
  const cv::Rect window = out.window();
  for (int y = 0; y < layout.height_px && !out.past_end(y); y += layout.block_height_px) {
    const int rows = layout.tiled ? layout.block_height_px
                                  : std::min(layout.block_height_px, layout.height_px - y);
    for (int x = 0; x < layout.width_px; x += layout.block_width_px) {
      const cv::Rect place(x, y, layout.block_width_px, rows);
      if ((place & window).empty()) continue;
      std::vector<cv::Mat> samples;
      if (layout.separate_planes) {
        for (int i = 0; i < layout.samples; ++i) {
          samples.push_back(read_plane(reader, layout, place.tl(), rows, i));
        }
      } else {
        cv::split(read_plane(reader, layout, place.tl(), rows, 0), samples);
      }
      out.put(to_bgr(samples, layout, out.has_alpha()), place.tl());
    }
  }
}

void decode_by_libtiff(const PhotoFile& file,
                       const TiffReader& reader,
                       const Layout& layout,
                       UprightWriter& out) {
  TIFF* tiff = reader.get();
  // libtiff would mirror the pixels by itself.
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  cv::Mat rgba(layout.height_px, layout.width_px, CV_8UC4);
  const bool done = TIFFReadRGBAImageOriented(tiff,
                                              static_cast<std::uint32_t>(layout.width_px),
                                              static_cast<std::uint32_t>(layout.height_px),
                                              reinterpret_cast<std::uint32_t*>(rgba.data),
                                              ORIENTATION_TOPLEFT,
                                              1) != 0;
  if (!done)
    fail(file, "the TIFF is truncated, damaged or of a kind not known" + reader.complaint());
  cv::Mat bgr(rgba.size(), CV_8UC3);
  const int from_to[] = {0, 2, 1, 1, 2, 0};
  cv::mixChannels(&rgba, 1, &bgr, 1, from_to, 3);
  out.put(bgr, {0, 0});
}

}  // namespace

StoredHeader read_tiff_header(const PhotoFile& file) {
  TiffReader reader(file);
  const Layout layout = layout_of(file, reader);
  StoredHeader header;
  header.width_px = layout.width_px;
  header.height_px = layout.height_px;
  header.has_alpha = layout.has_alpha;
  header.bits_per_channel = layout.bits;
  const std::uint64_t planes = layout.separate_planes ? layout.samples : 1;
  header.working_bytes = layout.plain()
                             ? 2 * planes * layout.block_bytes
                             : std::uint64_t{7} * static_cast<unsigned>(layout.width_px) *
                                   static_cast<unsigned>(layout.height_px);
  header.exif = facts_of(reader);
  return header;
}

void decode_tiff(const PhotoFile& file, UprightWriter& out) {
  const TiffReader reader(file);
  const Layout layout = layout_of(file, reader);
  if (layout.plain()) {
    decode_plain(reader, layout, out);
  } else {
    decode_by_libtiff(file, reader, layout, out);
  }
}

}  // namespace finview::internal
