#include "finview/photo/bytes.h"
#include "finview/photo/exif.h"
#include "finview/photo/formats.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include <fmt/format.h>
#include <png.h>

namespace finview::internal {

namespace {

constexpr int kRowsPerBlock = 16;
constexpr std::size_t kSignatureBytes = 8;

// libpng behind one object. It reports errors by longjmp, so every method that calls it holds no
// C++ object and turns the jump into an Error. Rows come out as BGR or BGRA, 8 bits.
class PngReader {
 public:
  explicit PngReader(const PhotoFile& file) : file_(file) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
    info_ = png_ ? png_create_info_struct(png_) : nullptr;
    if (!info_) throw std::bad_alloc();
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  /// Returns the number of passes over the rows (7 if interlaced, else 1).
  int start(bool want_alpha) {
    if (setjmp(png_jmpbuf(png_))) fail_now();
    png_set_read_fn(png_, this, on_read);
    png_set_chunk_cache_max(png_, 256);
    png_read_info(png_, info_);
    png_set_expand(png_);
    png_set_scale_16(png_);
    png_set_gray_to_rgb(png_);
    png_set_bgr(png_);
    if (want_alpha) {
      png_set_add_alpha(png_, 0xFF, PNG_FILLER_AFTER);  // only where the file has none
    } else {
      png_set_strip_alpha(png_);
    }
    const int passes = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return passes;
  }

  void read_row(std::uint8_t* row, int y) {
    if (setjmp(png_jmpbuf(png_))) fail_now();
    row_ = y;
    png_read_row(png_, row, nullptr);
  }

  int width() const { return static_cast<int>(png_get_image_width(png_, info_)); }
  int height() const { return static_cast<int>(png_get_image_height(png_, info_)); }

 private:
  static PngReader& self(png_structp png) {
    return *static_cast<PngReader*>(png_get_error_ptr(png));
  }

  static void on_error(png_structp png, png_const_charp message) {
    PngReader& reader = self(png);
    std::snprintf(reader.message_, sizeof reader.message_, "%s", message);
    png_longjmp(png, 1);
  }

  static void on_warning(png_structp, png_const_charp) {}

  static void on_read(png_structp png, png_bytep out, std::size_t count) {
    auto& reader = *static_cast<PngReader*>(png_get_io_ptr(png));
    if (count > reader.file_.bytes.size() - reader.position_) {
      reader.at_end_ = true;
      png_error(png, "end of file");
    }
    std::memcpy(out, reader.file_.bytes.data() + reader.position_, count);
    reader.position_ += count;
  }

  [[noreturn]] void fail_now() {
    const std::string where = row_ < 0 ? "inside its header" : fmt::format("at about row {}", row_);
    if (at_end_) fail(file_, fmt::format("the PNG is truncated {}", where));
    fail(file_, fmt::format("the PNG is damaged {}: {}", where, message_));
  }

  const PhotoFile& file_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::size_t position_ = 0;
  int row_ = -1;
  bool at_end_ = false;
  char message_[160] = {};
};

// All passes of an interlaced photo touch every row.
void decode_interlaced(PngReader& reader, int passes, int type, UprightWriter& out) {
  cv::Mat whole(reader.height(), reader.width(), type);
  for (int pass = 0; pass < passes; ++pass) {
    for (int y = 0; y < whole.rows; ++y) reader.read_row(whole.ptr(y), y);
  }
  out.put(whole, {0, 0});
}

void decode_in_order(PngReader& reader, int type, UprightWriter& out) {
  const int height = reader.height();
  cv::Mat block(kRowsPerBlock, reader.width(), type);
  for (int y = 0; y < height && !out.past_end(y); y += kRowsPerBlock) {
    const int rows = std::min(kRowsPerBlock, height - y);
    for (int i = 0; i < rows; ++i) reader.read_row(block.ptr(i), y + i);
    out.put(block.rowRange(0, rows), {0, y});
  }
}

}  // namespace

StoredHeader read_png_header(const PhotoFile& file) {
  const ByteSpan bytes = file.bytes;
  if (bytes.size() < 33 || !text_at(bytes, 12, "IHDR")) {
    fail(file, "the PNG is truncated or damaged inside its header");
  }
  const std::uint32_t width = big_endian(bytes, 16, 4);
  const std::uint32_t height = big_endian(bytes, 20, 4);
  if (width == 0 || height == 0 || width > 0x7FFFFFFF || height > 0x7FFFFFFF) {
    fail(file, fmt::format("the PNG header gives an impossible size, {} x {}", width, height));
  }
  StoredHeader header;
  header.width_px = static_cast<int>(width);
  header.height_px = static_cast<int>(height);
  header.bits_per_channel = bytes[24];
  header.has_alpha = (bytes[25] & PNG_COLOR_MASK_ALPHA) != 0;
  for (std::size_t at = kSignatureBytes; at + 12 <= bytes.size();) {
    const std::size_t length = big_endian(bytes, at, 4);
    const std::size_t data = at + 8;
    if (length > bytes.size() - data) break;
    if (text_at(bytes, at + 4, "tRNS")) header.has_alpha = true;
    if (text_at(bytes, at + 4, "eXIf")) header.exif = read_exif(bytes.subspan(data, length));
    at = data + length + 4;
  }
  const bool interlaced = bytes[28] != 0;
  const std::uint64_t pixel_bytes = header.has_alpha ? 4 : 3;
  header.working_bytes = pixel_bytes * width * (interlaced ? height : kRowsPerBlock);
  return header;
}

void decode_png(const PhotoFile& file, UprightWriter& out) {
  PngReader reader(file);
  const int passes = reader.start(out.has_alpha());
  const int type = out.has_alpha() ? CV_8UC4 : CV_8UC3;
  if (passes > 1) {
    decode_interlaced(reader, passes, type, out);
  } else {
    decode_in_order(reader, type, out);
  }
}

}  // namespace finview::internal
