// stdio and jpeglib first: jpeglib.h uses FILE and size_t without including them.
#include <cstdio>
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include "finview/photo/exif.h"
#include "finview/photo/formats.h"

#include <algorithm>
#include <csetjmp>
#include <cstring>

#include <fmt/format.h>

namespace finview::internal {

namespace {

constexpr int kRowsPerBlock = 16;
constexpr int kMaxScans = 200;  // a few bytes per scan can otherwise cost seconds each

// Errors and the warnings that mean lost pixels.
bool is_fatal_warning(int code) {
  switch (code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
      return true;
    default:
      return false;
  }
}

// libjpeg behind one object: it reports errors by longjmp, so every call into it is one method
// that holds no C++ object and turns the jump into an Error.
class JpegReader {
 public:
  explicit JpegReader(const PhotoFile& file) : file_(file) {
    info_.err = jpeg_std_error(&errors_);
    info_.client_data = this;
    errors_.error_exit = [](j_common_ptr info) { self(info).jump(); };
    errors_.emit_message = [](j_common_ptr info, int level) {
      if (level < 0 && is_fatal_warning(info->err->msg_code)) self(info).jump();
    };
    errors_.output_message = [](j_common_ptr) {};
    progress_.progress_monitor = [](j_common_ptr info) {
      const auto* decompress = reinterpret_cast<j_decompress_ptr>(info);
      if (decompress->input_scan_number > kMaxScans) self(info).jump();
    };
    read_header();
  }
  ~JpegReader() { jpeg_destroy_decompress(&info_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  jpeg_decompress_struct& info() { return info_; }

  void start(int eighths) {
    if (setjmp(jump_)) fail_now();
    info_.scale_num = static_cast<unsigned>(eighths);
    info_.scale_denom = 8;
    const bool four_inks = info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK;
    info_.out_color_space = four_inks ? JCS_CMYK : JCS_EXT_BGR;
    jpeg_start_decompress(&info_);
  }

  /// Narrows to columns around [x, x + width); returns the first column it will hand out.
  int crop(int x, int width) {
    if (setjmp(jump_)) fail_now();
    JDIMENSION first = static_cast<JDIMENSION>(x);
    JDIMENSION count = static_cast<JDIMENSION>(width);
    jpeg_crop_scanline(&info_, &first, &count);
    return static_cast<int>(first);
  }

  void skip(int rows) {
    if (setjmp(jump_)) fail_now();
    jpeg_skip_scanlines(&info_, static_cast<JDIMENSION>(rows));
  }

  int read(JSAMPROW* rows, int count) {
    if (setjmp(jump_)) fail_now();
    return static_cast<int>(jpeg_read_scanlines(&info_, rows, static_cast<JDIMENSION>(count)));
  }

 private:
  static JpegReader& self(j_common_ptr info) {
    return *static_cast<JpegReader*>(info->client_data);
  }

  [[noreturn]] void jump() { std::longjmp(jump_, 1); }

  void read_header() {
    if (setjmp(jump_)) {
      const std::string reason = reason_of_jump();
      jpeg_destroy_decompress(&info_);
      fail(file_, reason);
    }
    jpeg_create_decompress(&info_);
    info_.progress = &progress_;
    jpeg_mem_src(&info_, file_.bytes.data(), file_.bytes.size());
    jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xFFFF);
    jpeg_read_header(&info_, TRUE);
    header_read_ = true;
  }

  [[noreturn]] void fail_now() { fail(file_, reason_of_jump()); }

  std::string reason_of_jump() {
    if (info_.input_scan_number > kMaxScans) {
      return fmt::format("the JPEG has more than {} scans, which no camera writes", kMaxScans);
    }
    const int code = errors_.msg_code;
    if (!header_read_) {
      if (code == JWRN_JPEG_EOF) return "the JPEG is truncated inside its header";
      return "the JPEG header cannot be read: " + message();
    }
    const unsigned row =
        std::min(info_.input_iMCU_row * static_cast<unsigned>(info_.max_v_samp_factor * DCTSIZE),
                 info_.image_height);
    const std::string where = fmt::format("about row {} of {}", row, info_.image_height);
    if (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER) {
      return "the JPEG is truncated: its data end at " + where;
    }
    return fmt::format("the JPEG is damaged at {}: {}", where, message());
  }

  std::string message() {
    char text[JMSG_LENGTH_MAX] = {};
    errors_.format_message(reinterpret_cast<j_common_ptr>(&info_), text);
    return text;
  }

  const PhotoFile& file_;
  bool header_read_ = false;
  jpeg_decompress_struct info_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf jump_;
};

ExifFacts exif_of(const jpeg_decompress_struct& info) {
  for (const jpeg_marker_struct* marker = info.marker_list; marker; marker = marker->next) {
    const bool is_exif = marker->marker == JPEG_APP0 + 1 && marker->data_length > 14 &&
                         std::memcmp(marker->data, "Exif\0\0", 6) == 0;
    if (is_exif) return read_exif({marker->data, marker->data_length});
  }
  return {};
}

// The coefficients of a progressive photo all lie in memory before the first row comes out.
std::uint64_t coefficient_bytes(jpeg_decompress_struct& info) {
  if (!jpeg_has_multiple_scans(&info)) return 0;
  std::uint64_t samples = 0;
  for (int i = 0; i < info.num_components; ++i) {
    const jpeg_component_info& part = info.comp_info[i];
    const std::uint64_t width = std::uint64_t{info.image_width} * part.h_samp_factor;
    const std::uint64_t height = std::uint64_t{info.image_height} * part.v_samp_factor;
    samples += width / info.max_h_samp_factor * (height / info.max_v_samp_factor);
  }
  return samples * sizeof(JCOEF);
}

// Photoshop stores inks inverted (255 = none) and says so with its Adobe marker.
cv::Mat bgr_from_cmyk(const cv::Mat& cmyk, bool inverted) {
  cv::Mat bgr(cmyk.size(), CV_8UC3);
  for (int y = 0; y < cmyk.rows; ++y) {
    const auto* ink = cmyk.ptr<cv::Vec4b>(y);
    auto* color = bgr.ptr<cv::Vec3b>(y);
    for (int x = 0; x < cmyk.cols; ++x) {
      const int flip = inverted ? 0 : 255;
      const int light = ink[x][3] ^ flip;
      for (int c = 0; c < 3; ++c) {
        color[x][2 - c] = static_cast<std::uint8_t>(((ink[x][c] ^ flip) * light + 127) / 255);
      }
    }
  }
  return bgr;
}

// Rows go out in blocks that start at column `first_x`.
void read_rows(JpegReader& reader, int first_x, UprightWriter& out) {
  jpeg_decompress_struct& info = reader.info();
  const bool four_inks = info.out_color_space == JCS_CMYK;
  cv::Mat block(kRowsPerBlock, static_cast<int>(info.output_width), four_inks ? CV_8UC4 : CV_8UC3);
  int y = static_cast<int>(info.output_scanline);
  const int height = static_cast<int>(info.output_height);
  while (y < height && !out.past_end(y)) {
    const int wanted = std::min(kRowsPerBlock, height - y);
    int filled = 0;
    while (filled < wanted) {
      JSAMPROW rows[kRowsPerBlock];
      for (int i = filled; i < wanted; ++i) rows[i - filled] = block.ptr(i);
      filled += reader.read(rows, wanted - filled);
    }
    const cv::Mat part = block.rowRange(0, filled);
    out.put(four_inks ? bgr_from_cmyk(part, info.saw_Adobe_marker) : part, {first_x, y});
    y += filled;
  }
}

}  // namespace

StoredHeader read_jpeg_header(const PhotoFile& file) {
  JpegReader reader(file);
  StoredHeader header;
  header.width_px = static_cast<int>(reader.info().image_width);
  header.height_px = static_cast<int>(reader.info().image_height);
  header.working_bytes = coefficient_bytes(reader.info());
  header.exif = exif_of(reader.info());
  return header;
}

void decode_jpeg(const PhotoFile& file, int eighths, UprightWriter& out) {
  JpegReader reader(file);
  reader.start(eighths);
  const jpeg_decompress_struct& info = reader.info();
  const cv::Rect window = out.window();
  const int width = static_cast<int>(info.output_width);
  int first_x = 0;
  if (eighths == 8) {
    // Chroma is interpolated across block borders, so two blocks more on every side are decoded.
    const int margin_x = 2 * DCTSIZE * info.max_h_samp_factor;
    const int margin_y = 2 * DCTSIZE * info.max_v_samp_factor;
    const int left = std::max(0, window.x - margin_x);
    const int right = std::min(width, window.x + window.width + margin_x);
    if (right - left < width) first_x = reader.crop(left, right - left);
    const int above = std::max(0, window.y - margin_y);
    if (above > 0) reader.skip(above - above % (DCTSIZE * info.max_v_samp_factor));
  }
  read_rows(reader, first_x, out);
}

}  // namespace finview::internal
