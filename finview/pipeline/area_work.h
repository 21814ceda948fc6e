#pragma once

#include "finview/base/cancel.h"
#include "finview/base/progress.h"
#include "finview/pipeline/area.h"

#include <cstdint>
#include <string>
#include <vector>

namespace finview {

// Work on areas that takes long. Each writes to a new place (Error{kConflict} if something stands
// there) and removes what it made if it is cancelled or fails. Returns the number of files.

/// Copies a file or folder.
std::int64_t copy_in_area(const Area& from,
                          const std::string& path,
                          const Area& to_area,
                          const std::string& to,
                          Progress& progress,
                          const CancelToken& cancel);

/// Packs files and folders; `format` "zip" or "tar.gz".
std::int64_t archive_in_area(const Area& from,
                             const std::vector<std::string>& paths,
                             const Area& to_area,
                             const std::string& to,
                             const std::string& format,
                             Progress& progress,
                             const CancelToken& cancel);

/// Unpacks zip, tar, tar.gz or tar.xz into a new folder. A member with a path that is not
/// `relative_parts`, a link or a device is told to `progress` and left out. Throws Error{kBadInput}
/// for a damaged archive and one that unpacks to far more than photos ever do.
std::int64_t extract_in_area(const Area& from,
                             const std::string& path,
                             const Area& to_area,
                             const std::string& to,
                             Progress& progress,
                             const CancelToken& cancel);

/// Copies the pictures that a table (CSV with a column `file` or `photo`, paths in the same or the
/// images area) names into one folder per value of the column `by`. Names that meet get a number.
std::int64_t sort_in_area(const Area& area,
                          const Area& images,
                          const std::string& path,
                          const std::string& by,
                          const Area& to_area,
                          const std::string& to,
                          Progress& progress,
                          const CancelToken& cancel);

}  // namespace finview
