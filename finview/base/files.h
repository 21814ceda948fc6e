#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace finview {

/// The whole file. Throws Error{kNotFound} if it cannot be opened, Error{kBadInput} if it cannot
/// be read or is larger than `max_bytes`.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path,
                                    std::uint64_t max_bytes = std::uint64_t{4} << 30);

/// The same as text.
std::string read_text_file(const std::filesystem::path& path);

/// Writes to a temporary file beside `path` and renames it: readers see the old file or the new
/// one, never half of it. Parent folders are created. Throws Error{kUnavailable} if the disk is
/// full or the folder cannot be written.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

/// SHA-256 of `bytes`, 64 lower-case hex digits.
std::string sha256_hex(std::span<const std::uint8_t> bytes);
std::string sha256_hex(std::string_view text);

}  // namespace finview
