#pragma once

#include "finview/base/options.h"
#include "finview/photo/photo.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace finview {

/// What an archive may ask of this machine before it counts as hostile.
struct ArchiveLimits {
  std::int64_t max_members = 100'000;
  std::int64_t max_member_bytes = 512'000'000;
  std::int64_t max_total_bytes = 64'000'000'000;
  std::int64_t max_ratio = 200;  ///< unpacked bytes per packed byte, judged above 64 MB

  void visit(OptionVisitor& visitor);
};

struct WalkOptions {
  bool recursive = false;  ///< folders below the given folders too
  ArchiveLimits archives;

  void visit(OptionVisitor& visitor);
};

/// A file that should be a photo and cannot be had, or an archive that cannot be read on.
struct PhotoFailure {
  std::string name;
  std::string reason;  ///< a sentence, without the name
};

using PhotoItem = std::variant<PhotoFile, PhotoFailure>;

namespace internal {
class ArchiveReader;
}

/// Photos out of any mix of files, folders and archives (zip, tar, tar.gz, tar.xz), one at a time.
///
/// Inputs keep the order given; the files of a folder come sorted by path. A file named
/// explicitly is always tried. In folders and archives the extension decides: photos and archives
/// are taken, HEIC, camera RAW and the like are failures (unless a readable photo of the same stem
/// lies beside them), anything else is skipped and counted. Hidden folders and files are left out,
/// links to folders are followed once, archives are read member by member and never unpacked to
/// disk; archives inside archives are not opened. Folders are listed in the constructor, bytes are
/// read in `next`.
class PhotoStream {
 public:
  /// Throws Error{kNotFound} that lists all inputs that do not exist.
  explicit PhotoStream(const std::vector<std::filesystem::path>& inputs, WalkOptions options = {});
  ~PhotoStream();
  PhotoStream(const PhotoStream&) = delete;
  PhotoStream& operator=(const PhotoStream&) = delete;

  /// The next photo or failure; nothing at the end. Never throws for one bad file.
  std::optional<PhotoItem> next();

  /// Items to expect from files outside of archives.
  std::int64_t num_files() const { return num_files_; }
  /// Archives among the inputs; what they hold is known only by reading them.
  std::int64_t num_archives() const { return num_archives_; }
  /// Files left out so far, counted by lower-case extension ("" = none).
  const std::map<std::string, std::int64_t>& skipped() const { return skipped_; }

 private:
  struct Source {
    std::filesystem::path path;
    bool is_archive = false;
    std::string failure;  ///< not to be read, for this reason
  };
  void add_file(const std::filesystem::path& path);
  void add_folder(const std::filesystem::path& folder);
  void add_found(const std::vector<std::filesystem::path>& found);
  std::optional<PhotoItem> open(const Source& source);

  WalkOptions options_;
  std::vector<Source> sources_;
  std::size_t next_source_ = 0;
  std::unique_ptr<internal::ArchiveReader> archive_;
  std::int64_t num_files_ = 0;
  std::int64_t num_archives_ = 0;
  std::map<std::string, std::int64_t> skipped_;
};

}  // namespace finview
