#pragma once

#include "finview/pipeline/photo_result.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>

namespace finview {

/// Remembers each finished photo on disk, so that work stopped half-way goes on where it was.
///
/// A file of JSON lines; the first names the settings the results depend on. A journal of other
/// settings is started anew. A last line cut off by a crash is dropped.
class Journal {
 public:
  /// Throws Error{kUnavailable} if the file cannot be written.
  Journal(std::filesystem::path file, const std::string& settings);

  /// The result of this very photo, if it was finished before.
  std::optional<PhotoResult> find(const std::string& photo, const std::string& sha256) const;
  /// On disk when it returns.
  void add(const PhotoResult& result);

 private:
  void load(const std::string& settings);

  std::filesystem::path file_;
  std::map<std::string, PhotoResult> results_;  ///< by photo
  std::ofstream stream_;
};

}  // namespace finview
