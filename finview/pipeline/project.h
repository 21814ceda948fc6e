#pragma once

#include "finview/base/options.h"
#include "finview/catalogue/catalogue.h"
#include "finview/photo/photo.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace finview {

struct ProjectOptions {
  std::string name;
  std::string database = "catalogue.db";

  void visit(OptionVisitor& visitor) {
    visitor.field("name", name, "The project's name; empty: its folder's");
    visitor.field("database",
                  database,
                  "Where the catalogue is kept: a SQLite file in the project's folder, or "
                  "postgresql://USER:PASSWORD@HOST/NAME");
  }
};

/// A folder with a catalogue, the photos' bytes and what was made of them (docs/catalogue.md).
///
/// Photos are kept by the SHA-256 of their bytes and never changed. Any number of threads and
/// programs may use a project at once.
class Project {
 public:
  /// Makes a new project. Throws Error{kConflict} if there is one, or anything else in the folder.
  static void init(const std::filesystem::path& folder, const ProjectOptions& options);

  /// Throws Error{kNotFound} if there is no project, Error{kBadInput} for one that cannot be read,
  /// and as `Database`.
  explicit Project(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return folder_; }
  std::string name() const;
  /// Throws Error{kUnavailable} where the project cannot be written.
  void rename(const std::string& name);
  Catalogue& catalogue() { return *catalogue_; }
  const Catalogue& catalogue() const { return *catalogue_; }

  /// Where the photo with these bytes lies, or would.
  std::filesystem::path photo_path(const std::string& sha256) const;
  /// Keeps the bytes, which may be kept already. Throws Error{kUnavailable}, e.g. on a full disk.
  void keep(const std::string& sha256, std::span<const std::uint8_t> bytes);
  /// Throws Error{kNotFound} if the file is gone, Error{kBadInput} if it was changed.
  PhotoFile read(const PhotoRecord& photo) const;

 private:
  std::filesystem::path folder_;
  mutable std::mutex name_mutex_;
  std::string name_;
  std::unique_ptr<Catalogue> catalogue_;
};

}  // namespace finview
