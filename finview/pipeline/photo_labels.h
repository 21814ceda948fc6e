#pragma once

#include "finview/photo/photo_name.h"

#include <filesystem>
#include <optional>
#include <string>

namespace finview {

/// Says which individual each picture of a folder shows.
class PhotoLabels {
 public:
  /// @param names  "folder": named after the picture's folder; "niwa": the same, with the date in
  ///               the file's name; "csv": labels.csv in `folder`; "auto": labels.csv if there is
  ///               one, else "folder"
  /// Throws as `LabelTable::read`.
  PhotoLabels(const std::filesystem::path& folder, const std::string& names);

  /// Nothing: the table leaves the picture out.
  ///
  /// @param name  relative to the folder
  /// Throws Error{kBadInput} if the picture cannot be given to an individual.
  std::optional<PhotoLabel> find(const std::string& name) const;

 private:
  std::string names_;
  std::optional<LabelTable> table_;
};

/// Date and encounter as one word, the date from the photo's EXIF where the label has neither;
/// empty if nothing is known. Photos of one group are near-copies. Throws Error{kBadInput} if the
/// header has to be read and cannot be.
std::string photo_group(const PhotoLabel& label, const PhotoFile& file);

}  // namespace finview
