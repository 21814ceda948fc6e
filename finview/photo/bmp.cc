#include "finview/photo/bytes.h"
#include "finview/photo/formats.h"

#include <bit>
#include <cstdlib>

#include <fmt/format.h>

namespace finview::internal {

namespace {

constexpr std::uint32_t kFileHeaderBytes = 14;
constexpr std::uint32_t kOldHeaderBytes = 12;  // OS/2 1.x
constexpr std::uint32_t kInfoHeaderBytes = 40;
enum Compression : std::uint32_t { kRgb = 0, kBitFields = 3, kAlphaBitFields = 6 };

struct BmpHeader {
  int width_px = 0;
  int height_px = 0;
  bool top_down = false;
  std::uint32_t bits_per_pixel = 0;
  std::uint32_t pixels_at = 0;
  std::uint32_t palette_at = 0;
  std::uint32_t palette_step = 4;
  std::uint32_t masks[4] = {};  // blue, green, red, alpha

  std::size_t row_bytes() const {
    return (std::size_t{bits_per_pixel} * static_cast<std::size_t>(width_px) + 31) / 32 * 4;
  }
};

void read_masks(ByteSpan bytes,
                std::uint32_t header_bytes,
                std::uint32_t compression,
                BmpHeader& bmp) {
  if (compression == kRgb) {
    const bool five_bits = bmp.bits_per_pixel == 16;
    bmp.masks[0] = five_bits ? 0x1Fu : 0xFFu;
    bmp.masks[1] = five_bits ? 0x3E0u : 0xFF00u;
    bmp.masks[2] = five_bits ? 0x7C00u : 0xFF0000u;
    return;
  }
  const std::uint32_t at = kFileHeaderBytes + kInfoHeaderBytes;
  for (std::uint32_t c = 0; c < 3; ++c) bmp.masks[2 - c] = little_endian(bytes, at + 4 * c, 4);
  const bool has_alpha_mask = compression == kAlphaBitFields || header_bytes >= 56;
  if (has_alpha_mask) bmp.masks[3] = little_endian(bytes, at + 12, 4);
}

void check(const PhotoFile& file, const BmpHeader& bmp, std::uint32_t compression) {
  if (bmp.width_px <= 0 || bmp.height_px <= 0) {
    fail(file,
         fmt::format(
             "the BMP header gives an impossible size, {} x {}", bmp.width_px, bmp.height_px));
  }
  if (compression != kRgb && compression != kBitFields && compression != kAlphaBitFields) {
    fail(file,
         fmt::format("the BMP is compressed (method {}), which cannot be read; save it as PNG",
                     compression));
  }
  const std::uint32_t bits = bmp.bits_per_pixel;
  if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
    fail(file, fmt::format("the BMP has {} bits per pixel, which cannot be read", bits));
  }
}

BmpHeader parse(const PhotoFile& file) {
  const ByteSpan bytes = file.bytes;
  const std::uint32_t header_bytes = little_endian(bytes, kFileHeaderBytes, 4);
  if (bytes.size() < kFileHeaderBytes + kOldHeaderBytes) {
    fail(file, "the BMP is truncated inside its header");
  }
  BmpHeader bmp;
  bmp.pixels_at = little_endian(bytes, 10, 4);
  bmp.palette_at = kFileHeaderBytes + header_bytes;
  std::uint32_t compression = kRgb;
  if (header_bytes == kOldHeaderBytes) {
    bmp.width_px = static_cast<int>(little_endian(bytes, 18, 2));
    bmp.height_px = static_cast<int>(little_endian(bytes, 20, 2));
    bmp.bits_per_pixel = little_endian(bytes, 24, 2);
    bmp.palette_step = 3;
  } else if (header_bytes >= kInfoHeaderBytes) {
    bmp.width_px = static_cast<int>(little_endian(bytes, 18, 4));
    const auto height = static_cast<std::int32_t>(little_endian(bytes, 22, 4));
    bmp.top_down = height < 0;
    bmp.height_px = height == INT32_MIN ? 0 : std::abs(height);
    bmp.bits_per_pixel = little_endian(bytes, 28, 2);
    compression = little_endian(bytes, 30, 4);
  } else {
    fail(file, fmt::format("the BMP header is {} bytes long, which no BMP has", header_bytes));
  }
  check(file, bmp, compression);
  if (bmp.bits_per_pixel == 16 || bmp.bits_per_pixel == 32) {
    read_masks(bytes, header_bytes, compression, bmp);
  }
  return bmp;
}

std::uint8_t sample(std::uint32_t pixel, std::uint32_t mask) {
  if (mask == 0) return 0;
  const int shift = std::countr_zero(mask);
  const std::uint64_t most = mask >> shift;
  return static_cast<std::uint8_t>((((pixel & mask) >> shift) * std::uint64_t{255} + most / 2) /
                                   most);
}

// One row of packed pixels to BGR or BGRA.
void unpack_row(
    const BmpHeader& bmp, ByteSpan file, std::size_t row_at, bool alpha, std::uint8_t* out) {
  const std::uint32_t bits = bmp.bits_per_pixel;
  for (int x = 0; x < bmp.width_px; ++x) {
    const auto column = static_cast<std::size_t>(x);
    if (bits >= 16) {
      const std::uint32_t pixel = little_endian(file, row_at + column * bits / 8, bits / 8);
      for (std::uint32_t c = 0; c < (alpha ? 4u : 3u); ++c) {
        *out++ =
            bits == 24 ? static_cast<std::uint8_t>(pixel >> (8 * c)) : sample(pixel, bmp.masks[c]);
      }
      continue;
    }
    const std::uint32_t packed = file[row_at + column * bits / 8];
    const auto shift = static_cast<std::uint32_t>(8 - bits - column * bits % 8);
    const std::uint32_t index = (packed >> shift) & ((1u << bits) - 1);
    for (std::uint32_t c = 0; c < 3; ++c) {
      *out++ = static_cast<std::uint8_t>(
          little_endian(file, bmp.palette_at + index * bmp.palette_step + c, 1));
    }
  }
}

}  // namespace

StoredHeader read_bmp_header(const PhotoFile& file) {
  const BmpHeader bmp = parse(file);
  StoredHeader header;
  header.width_px = bmp.width_px;
  header.height_px = bmp.height_px;
  header.has_alpha = bmp.masks[3] != 0;
  return header;
}

void decode_bmp(const PhotoFile& file, UprightWriter& out) {
  const BmpHeader bmp = parse(file);
  const std::size_t rows_there =
      file.bytes.size() > bmp.pixels_at ? (file.bytes.size() - bmp.pixels_at) / bmp.row_bytes() : 0;
  if (rows_there < static_cast<std::size_t>(bmp.height_px)) {
    fail(file,
         fmt::format("the BMP is truncated: {} of {} rows are there", rows_there, bmp.height_px));
  }
  cv::Mat row(1, bmp.width_px, out.has_alpha() ? CV_8UC4 : CV_8UC3);
  const cv::Rect window = out.window();
  for (int y = window.y; y < window.y + window.height; ++y) {
    const int stored = bmp.top_down ? y : bmp.height_px - 1 - y;
    const std::size_t at = bmp.pixels_at + static_cast<std::size_t>(stored) * bmp.row_bytes();
    unpack_row(bmp, file.bytes, at, out.has_alpha(), row.data);
    out.put(row, {0, y});
  }
}

}  // namespace finview::internal
