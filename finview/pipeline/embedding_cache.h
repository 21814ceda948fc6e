#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// Embeddings by the SHA-256 of the picture they were made from, kept in one file.
///
/// A file that is missing, damaged or made with another model counts as empty: everything in it can
/// be made again.
class EmbeddingCache {
 public:
  /// @param recipe  what the embeddings depend on besides the picture, e.g. the model's id
  EmbeddingCache(std::filesystem::path file, std::string recipe, std::size_t num_dims);

  /// Nothing if the picture was never embedded; else num_dims floats, or none at all if there was
  /// no fin in it.
  std::optional<std::vector<float>> find(const std::string& sha256) const;
  void add(const std::string& sha256, std::vector<float> embedding);

  /// Writes the file if something was added. Throws Error{kUnavailable}.
  void save();

 private:
  void load();

  std::filesystem::path file_;
  std::string recipe_;
  std::size_t num_dims_;
  std::map<std::string, std::vector<float>> embeddings_;
  bool changed_ = false;
};

/// The user's cache folder: $XDG_CACHE_HOME/finview or ~/.cache/finview.
std::filesystem::path default_cache_folder();

}  // namespace finview
