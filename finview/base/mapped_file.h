#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace finview {

/// A file's bytes, read by the system only where they are looked at. A file that is replaced
/// meanwhile (as `write_file` does) stays as it was when it was opened.
class MappedFile {
 public:
  /// No bytes.
  MappedFile() = default;
  /// Throws Error{kNotFound} if it cannot be opened, Error{kUnavailable} if it cannot be mapped.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::uint8_t> bytes() const { return bytes_; }

 private:
  std::span<const std::uint8_t> bytes_;
};

}  // namespace finview
