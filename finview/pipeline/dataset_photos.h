#pragma once

#include "finview/base/cancel.h"
#include "finview/base/progress.h"
#include "finview/photo/perceptual_hash.h"
#include "finview/photo/photo.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace finview {

/// A photo as it lies in a data set's folder.
struct DatasetPhotoFile {
  std::string file;  ///< relative to the folder, with '/'
  std::filesystem::path path;
  std::string failure;                  ///< why it cannot be read; empty = it can
  PhotoInfo info;                       ///< of readable photos
  std::optional<PictureSketch> sketch;  ///< where asked for, of readable photos
};

/// Every photo of the folder, sorted by file; with `sketches`, each is decoded small, some 20 ms
/// for 24 megapixels. Cancelled, it returns those read so far. Throws Error{kNotFound}.
std::vector<DatasetPhotoFile> scan_photos(const std::filesystem::path& folder,
                                          bool recursive,
                                          bool sketches,
                                          Progress& progress,
                                          const CancelToken& cancel);

}  // namespace finview
