#include "finview/photo/file_kind.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace finview::internal {

namespace {

using namespace std::string_view_literals;

constexpr std::array kPhotoExtensions = {
    "jpg"sv, "jpeg"sv, "jpe"sv, "jfif"sv, "png"sv, "tif"sv, "tiff"sv, "webp"sv, "bmp"sv, "dib"sv};
constexpr std::array kArchiveExtensions = {"zip"sv, "tar"sv, "tgz"sv, "txz"sv};
constexpr std::array kUnreadablePhotoExtensions = {
    "heic"sv, "heif"sv, "hif"sv, "avif"sv, "jxl"sv, "jp2"sv, "gif"sv, "psd"sv,
    "cr2"sv,  "cr3"sv,  "crw"sv, "nef"sv,  "nrw"sv, "arw"sv, "sr2"sv, "srf"sv,
    "dng"sv,  "raf"sv,  "orf"sv, "rw2"sv,  "pef"sv, "srw"sv, "3fr"sv, "x3f"sv};
constexpr std::array kUnreadableArchiveExtensions = {"rar"sv, "7z"sv, "tbz2"sv, "tzst"sv};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view extension) {
  return std::find(list.begin(), list.end(), extension) != list.end();
}

// Length of the UTF-8 character at the start of `text`, 0 if it is none (RFC 3629).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const std::uint8_t second = byte(1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second >= 0xA0;
  const bool too_large = lead == 0xF4 && second >= 0x90;
  return overlong || surrogate || too_large ? 0 : length;
}

}  // namespace

std::string extension_of(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  std::string extension(name.substr(dot + 1));
  std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return extension;
}

FileKind kind_of_name(std::string_view name) {
  const std::string extension = extension_of(name);
  if (contains(kPhotoExtensions, extension)) return FileKind::kPhoto;
  if (contains(kArchiveExtensions, extension)) return FileKind::kArchive;
  if (contains(kUnreadablePhotoExtensions, extension)) return FileKind::kUnreadablePhoto;
  if (contains(kUnreadableArchiveExtensions, extension)) return FileKind::kUnreadableArchive;
  const bool packed = extension == "gz" || extension == "xz" || extension == "bz2";
  if (packed && extension_of(name.substr(0, name.size() - extension.size() - 1)) == "tar") {
    return extension == "bz2" ? FileKind::kUnreadableArchive : FileKind::kArchive;
  }
  return FileKind::kOther;
}

bool starts_like_archive(std::string_view start) {
  return start.starts_with("PK\3\4"sv) || start.starts_with("PK\5\6"sv) ||
         start.starts_with("\x1F\x8B"sv) || start.starts_with("\xFD\x37zXZ\0"sv) ||
         (start.size() > 262 && start.substr(257, 5) == "ustar"sv);
}

std::string printable_name(std::string_view name) {
  std::string printable;
  while (!name.empty()) {
    std::size_t length = utf8_length(name);
    const auto byte = static_cast<std::uint8_t>(name[0]);
    if (length == 0 || byte < 0x20 || byte == 0x7F) {
      printable += fmt::format("\\x{:02X}", byte);
      length = 1;
    } else {
      printable += name.substr(0, length);
    }
    name.remove_prefix(length);
  }
  return printable;
}

bool is_hidden_name(std::string_view name) {
  return name.starts_with('.') || name == "__MACOSX" || name == "@eaDir" ||
         name == "$RECYCLE.BIN" || name == "System Volume Information";
}

}  // namespace finview::internal
