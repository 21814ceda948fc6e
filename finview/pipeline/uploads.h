#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// A file that somebody sends in pieces.
struct UploadRecord {
  std::string id;  ///< 32 hex digits
  std::string name;
  std::int64_t size = 0;
  std::int64_t offset = 0;  ///< bytes that are on the disk
  bool finished() const { return offset == size; }
};

/// Files on their way into the project: a folder per upload with what was announced and the bytes
/// so far, so that a server that ended in the middle goes on. Any number of threads may use it.
class Uploads {
 public:
  explicit Uploads(const std::filesystem::path& folder);

  /// Throws Error{kBadInput} for a name that is no relative path, and when the disk has no room
  /// for it.
  UploadRecord start(const std::string& name, std::int64_t size);
  UploadRecord get(const std::string& id) const;  ///< Throws Error{kNotFound}.
  std::vector<UploadRecord> list() const;         ///< by id
  void remove(const std::string& id);             ///< Throws Error{kNotFound}.

  /// Appends what `read` gives, piece by piece, from `offset` on; what arrived stays, also if it
  /// breaks off. Throws Error{kConflict} if the upload does not stand there or somebody else is
  /// sending, Error{kBadInput} for more bytes than announced, Error{kUnavailable} for a full disk.
  UploadRecord append(
      const std::string& id,
      std::int64_t offset,
      const std::function<bool(const std::function<bool(std::span<const char>)>&)>& read);

  /// Where the bytes of a finished upload lie. Throws Error{kConflict} if it is not finished.
  std::filesystem::path file(const std::string& id) const;

 private:
  std::filesystem::path folder_of(const std::string& id) const;

  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::set<std::string> sending_;
};

}  // namespace finview
