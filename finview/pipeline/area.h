#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace finview {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : value_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  int get() const { return value_; }
  int release();
  explicit operator bool() const { return value_ >= 0; }

 private:
  int value_;
};

/// A file or folder of an area.
struct AreaEntry {
  std::string name;
  std::string path;  ///< in the area
  std::string kind;  ///< "folder", "image", "archive", "table", "file"
  std::int64_t size_bytes = 0;
  std::string modified;  ///< UTC
};

/// What was thrown away.
struct TrashEntry {
  std::string id;
  AreaEntry entry;  ///< as it stood
  std::string trashed;
};

/// A folder that people see: "images", "datasets" or "outputs" of a project.
///
/// Every path is walked from the area's own folder, part by part, without following a link: nothing
/// outside is ever reached, whatever is renamed meanwhile. Links and other things that are neither
/// file nor folder do not exist here. Nothing is overwritten. Paths are as `relative_parts` has
/// them; "" is the area itself where a folder is meant. Throws Error{kBadInput} for bad paths,
/// Error{kNotFound}, Error{kConflict} where something stands in the way, Error{kUnavailable}.
class Area {
 public:
  /// Throws Error{kNotFound} for another name.
  Area(const std::filesystem::path& project, const std::string& name);

  const std::string& name() const { return name_; }
  std::vector<AreaEntry> list(const std::string& folder) const;  ///< hidden ones left out
  AreaEntry entry(const std::string& path) const;
  Descriptor open_file(const std::string& path) const;  ///< for reading
  Descriptor open_folder(const std::string& path) const;
  /// With those above it; one that is there is no fault.
  Descriptor make_folder(const std::string& path) const;
  /// A new file, for writing, in a folder that is made if need be.
  Descriptor make_file(const std::string& path) const;
  /// Throws Error{kBadInput} for a folder moved into itself.
  void move(const std::string& path, const Area& to_area, const std::string& to) const;
  /// Takes a file from elsewhere in the project.
  void take(const std::filesystem::path& file, const std::string& to) const;
  /// Removes a file or folder for good.
  void remove(const std::string& path) const;

  std::vector<TrashEntry> trash() const;  ///< newest first
  TrashEntry throw_away(const std::string& path) const;
  void restore(const std::string& id) const;
  void purge(const std::string& id) const;

 private:
  std::filesystem::path trash_folder(const std::string& id) const;

  std::filesystem::path project_;
  std::string name_;
};

/// Path of the folder that holds it, and the last part.
std::pair<std::string, std::string> split_path(const std::string& path);

}  // namespace finview
