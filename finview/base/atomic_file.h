#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace finview {

/// A file that is written piece by piece and appears whole or not at all.
///
/// The pieces go to a temporary file beside it; without `commit` that is removed. Parent folders
/// are created. Not for several threads at once.
class AtomicFile {
 public:
  /// Throws Error{kUnavailable} if the file cannot be created.
  explicit AtomicFile(const std::filesystem::path& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Throws Error{kUnavailable} if the disk is full.
  void write(std::span<const std::uint8_t> bytes);
  void write(std::string_view text);

  /// Renames it into place; readers see the old file or the new one. Throws Error{kUnavailable}.
  void commit();

 private:
  [[noreturn]] void fail(const char* action) const;

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

/// Removes, in `folder` and below, what programs that run no more left of files they could not
/// finish. Returns how many. A folder that is not there counts as empty.
std::size_t remove_unfinished(const std::filesystem::path& folder);

}  // namespace finview
