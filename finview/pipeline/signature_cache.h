#pragma once

#include "finview/match/gallery.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace finview {

/// Signatures by the SHA-256 of the picture they were made from, kept in one file.
///
/// A file that is missing, damaged or made otherwise counts as empty: everything in it can be made
/// again.
class SignatureCache {
 public:
  /// @param recipe  what the signatures depend on besides the picture, e.g. the model's id
  SignatureCache(std::filesystem::path file, std::string recipe);

  /// Whether the picture was looked at before.
  bool knows(const std::string& sha256) const { return signatures_.contains(sha256); }
  /// Nothing if the picture was never looked at or shows no fin.
  std::optional<FinSignature> find(const std::string& sha256) const;
  void add(const std::string& sha256, FinSignature signature);
  void add_without_fin(const std::string& sha256);

  /// Writes the file if something was added. Throws Error{kUnavailable}.
  void save();

 private:
  void load();

  std::filesystem::path file_;
  std::string recipe_;
  std::map<std::string, std::optional<FinSignature>> signatures_;
  bool changed_ = false;
};

/// The user's cache folder: $XDG_CACHE_HOME/finview or ~/.cache/finview.
std::filesystem::path default_cache_folder();

}  // namespace finview
