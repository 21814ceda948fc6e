#pragma once

#include "finview/base/mapped_file.h"
#include "finview/match/gallery.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// Signatures by the SHA-256 of the picture they were made from, kept in one file that is mapped
/// into memory: opening it costs little however large it is.
///
/// A file that is missing, damaged or made otherwise counts as empty: everything in it can be made
/// again.
class SignatureCache {
 public:
  /// @param recipe  what the signatures depend on besides the picture, e.g. the model's id
  SignatureCache(std::filesystem::path file, std::string recipe);

  /// Whether the picture was looked at before.
  bool knows(const std::string& sha256) const { return records_.contains(sha256); }
  /// Nothing if the picture was never looked at or shows no fin.
  std::optional<FinSignature> find(const std::string& sha256) const;
  void add(const std::string& sha256, const FinSignature& signature);
  void add_without_fin(const std::string& sha256);

  /// Writes the file if something was added. Throws Error{kUnavailable}.
  void save();

 private:
  void load();

  std::filesystem::path file_;
  std::string recipe_;
  MappedFile mapped_;
  std::map<std::string, std::vector<std::uint8_t>> added_;
  /// Bytes of each signature, in `mapped_` or `added_`; none = the picture shows no fin.
  std::map<std::string, std::span<const std::uint8_t>> records_;
  bool changed_ = false;
};

/// The user's cache folder: $XDG_CACHE_HOME/finview or ~/.cache/finview.
std::filesystem::path default_cache_folder();

}  // namespace finview
