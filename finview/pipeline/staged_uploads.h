#pragma once

#include "finview/pipeline/uploads.h"

#include <filesystem>
#include <string>
#include <vector>

namespace finview {

/// Finished uploads under the names they were announced with, in a folder below the uploads: what
/// an import takes. Bytes are linked, not copied. Staging the same again goes on with it.
class StagedUploads {
 public:
  /// Throws as `Uploads::file`. An upload that is gone was staged before.
  StagedUploads(Uploads& uploads,
                const std::filesystem::path& folder,
                const std::vector<std::string>& ids);

  /// Its files and folders, without what lies in the folders.
  std::vector<std::string> entries() const;
  /// The uploads and the folder are no longer needed.
  void remove();

 private:
  Uploads& uploads_;
  std::filesystem::path folder_;
  std::vector<std::string> ids_;
};

}  // namespace finview
