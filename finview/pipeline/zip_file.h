#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
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

/// The members of an archive that have one of these names, by name. Throws Error{kBadInput} for a
/// file that is no archive, is damaged, or has a larger one of them than 1 GB.
std::map<std::string, std::string> read_members(const std::filesystem::path& path,
                                                const std::set<std::string>& names);

}  // namespace finview
