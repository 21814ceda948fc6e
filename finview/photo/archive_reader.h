#pragma once

#include "finview/photo/walk.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

struct archive;
struct archive_entry;

namespace finview::internal {

/// The photos of one archive, member by member; see PhotoStream for what is taken.
class ArchiveReader {
 public:
  /// `name` is how the archive is called in the items; `skipped` counts what is left out.
  ArchiveReader(const std::filesystem::path& path,
                std::string name,
                const ArchiveLimits& limits,
                std::map<std::string, std::int64_t>& skipped);
  ~ArchiveReader();

  /// Nothing at the end, and after a failure that makes the rest unreadable.
  std::optional<PhotoItem> next();

 private:
  enum class Copy { kDone, kMemberFailed, kArchiveFailed };

  std::optional<PhotoItem> read_member(archive_entry* entry);
  std::optional<std::string> member_fault(archive_entry* entry, const std::string& path) const;
  std::optional<PhotoItem> take_photo(const std::string& member);
  Copy copy_data(std::vector<std::uint8_t>* bytes, std::string& reason);
  std::optional<std::string> hostile();
  PhotoItem end_with(const std::string& reason);
  std::string unique_name(const std::string& member);
  std::string complaint() const;

  struct Closer {
    void operator()(archive* handle) const;
  };

  std::string name_;
  ArchiveLimits limits_;
  std::map<std::string, std::int64_t>& skipped_;
  std::unique_ptr<archive, Closer> archive_;
  std::string open_failure_;
  bool ended_ = false;
  std::int64_t num_members_ = 0;
  std::int64_t packed_size_bytes_ = 0;
  std::int64_t total_bytes_ = 0;
  std::set<std::string> names_;
};

}  // namespace finview::internal
