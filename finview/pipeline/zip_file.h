#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace finview {

/// A zip archive that appears whole or not at all. The same members give the same bytes.
class ZipFile {
 public:
  /// Throws Error{kUnavailable} if it cannot be written, as do the others.
  explicit ZipFile(const std::filesystem::path& path);
  ~ZipFile();
  ZipFile(const ZipFile&) = delete;
  ZipFile& operator=(const ZipFile&) = delete;

  void add(const std::string& name, std::string_view bytes);
  void commit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
