#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace finview::internal {

/// What a name's extension promises.
enum class FileKind {
  kPhoto,              ///< of a format that can be read
  kArchive,            ///< zip, tar, tar.gz, tar.xz
  kUnreadablePhoto,    ///< HEIC, camera RAW, GIF ...: a photo, but not one that can be read
  kUnreadableArchive,  ///< rar, 7z ...
  kOther,              ///< text, tables, sidecars, video ...
};

/// By extension alone, in any case.
FileKind kind_of_name(std::string_view name);

/// Lower-case extension without the dot; empty if there is none.
std::string extension_of(std::string_view name);

/// Whether content that starts with `start` (512 bytes, or less if it is shorter) is an archive
/// that can be read.
bool starts_like_archive(std::string_view start);

/// Valid UTF-8 without control characters: every other byte becomes "\xE9".
std::string printable_name(std::string_view name);

/// ".name" and what macOS and Windows put beside photos.
bool is_hidden_name(std::string_view name);

}  // namespace finview::internal
