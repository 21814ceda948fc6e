#include "finview/photo/bytes.h"
#include "finview/photo/formats.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include <fmt/format.h>

namespace finview::internal {

namespace {

using namespace std::string_view_literals;

struct Magic {
  std::size_t at;
  std::string_view bytes;
  std::string_view found;  ///< what a file that starts so is
};

constexpr std::array kForeignMagic = {
    Magic{4, "ftypheic"sv, "an HEIC photo"},
    Magic{4, "ftypheix"sv, "an HEIC photo"},
    Magic{4, "ftypmif1"sv, "an HEIF photo"},
    Magic{4, "ftypmsf1"sv, "an HEIF photo"},
    Magic{4, "ftypavif"sv, "an AVIF photo"},
    Magic{4, "ftypcrx "sv, "a camera RAW file (CR3)"},
    Magic{4, "ftyp"sv, "a video"},
    Magic{8, "CR\2"sv, "a camera RAW file (CR2)"},
    Magic{0, "FUJIFILMCCD-RAW"sv, "a camera RAW file (RAF)"},
    Magic{0, "IIRO"sv, "a camera RAW file (ORF)"},
    Magic{0, "IIU\0"sv, "a camera RAW file (RW2)"},
    Magic{0, "GIF8"sv, "a GIF picture"},
    Magic{0, "8BPS"sv, "a Photoshop document"},
    Magic{0, "\0\0\0\x0CjP  "sv, "a JPEG 2000 picture"},
    Magic{0, "\xFF\x0A"sv, "a JPEG XL picture"},
    Magic{0, "%PDF"sv, "a PDF document"},
    Magic{0, "PK\3\4"sv, "a zip archive"},
    Magic{0, "\x1F\x8B"sv, "a gzip archive"},
    Magic{0,
          "\xFD"
          "7zXZ"sv,
          "an xz archive"},
    Magic{0, "Rar!"sv, "a RAR archive"},
    Magic{0, "7z\xBC\xAF"sv, "a 7z archive"},
    Magic{257, "ustar"sv, "a tar archive"},
    Magic{0, "SQLite format 3"sv, "a database"},
    Magic{8, "AVI "sv, "a video"},
    Magic{0, "\x1A\x45\xDF\xA3"sv, "a video"},
};

constexpr std::array kRawExtensions = {
    "cr2"sv, "nef"sv, "nrw"sv, "arw"sv, "sr2"sv, "srf"sv, "dng"sv, "pef"sv, "srw"sv, "3fr"sv};

bool has_tiff_magic(ByteSpan bytes) {
  return text_at(bytes, 0, "II*\0"sv) || text_at(bytes, 0, "MM\0*"sv) ||
         text_at(bytes, 0, "II+\0"sv) || text_at(bytes, 0, "MM\0+"sv);
}

// Most RAW formats are TIFF files whose first picture is a thumbnail.
bool has_raw_extension(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  std::string extension(name.substr(dot + 1));
  std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return std::find(kRawExtensions.begin(), kRawExtensions.end(), extension) != kRawExtensions.end();
}

std::string describe(const PhotoFile& file) {
  const ByteSpan bytes = file.bytes;
  for (const Magic& magic : kForeignMagic) {
    if (text_at(bytes, magic.at, magic.bytes)) return std::string(magic.found);
  }
  const ByteSpan start = bytes.first(std::min<std::size_t>(bytes.size(), 512));
  if (std::all_of(start.begin(), start.end(), [](std::uint8_t b) { return b == 0; })) {
    return "nothing but zero bytes";
  }
  const bool is_text = std::all_of(start.begin(), start.end(), [](std::uint8_t b) {
    return b >= 0x20 || b == '\n' || b == '\r' || b == '\t' || b == '\f';
  });
  if (!is_text) {
    std::string digits;
    for (const std::uint8_t b : start.first(std::min<std::size_t>(start.size(), 4))) {
      digits += fmt::format(" {:02X}", b);
    }
    return "of an unknown kind (starts with" + digits + ")";
  }
  std::string text(start.begin(), start.end());
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  const bool is_html =
      text.find("<html") != std::string::npos || text.find("<!doctype html") != std::string::npos;
  return is_html ? "an HTML page" : "text";
}

}  // namespace

PhotoFormat recognize_format(const PhotoFile& file) {
  const ByteSpan bytes = file.bytes;
  if (bytes.empty()) fail(file, "the file is empty (0 bytes)");
  if (text_at(bytes, 0, "\xFF\xD8\xFF"sv)) return PhotoFormat::kJpeg;
  if (text_at(bytes, 0, "\x89PNG\r\n\x1A\n"sv)) return PhotoFormat::kPng;
  if (text_at(bytes, 0, "RIFF"sv) && text_at(bytes, 8, "WEBP"sv)) return PhotoFormat::kWebp;
  if (text_at(bytes, 0, "BM"sv) && little_endian(bytes, 6, 4) == 0) return PhotoFormat::kBmp;
  std::string found = "a camera RAW file";
  if (has_tiff_magic(bytes)) {
    if (!has_raw_extension(file.name) && !text_at(bytes, 8, "CR\2"sv)) return PhotoFormat::kTiff;
  } else {
    found = describe(file);
  }
  fail(file,
       "not a photo that can be read, but " + found +
           "; photos are read from JPEG, PNG, TIFF, WebP and BMP");
}

}  // namespace finview::internal
