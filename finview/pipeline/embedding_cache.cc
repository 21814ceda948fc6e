#include "finview/pipeline/embedding_cache.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <cstdlib>
#include <cstring>

#include <nlohmann/json.hpp>

namespace finview {

// The file: one line of JSON {"recipe", "num_dims", "pictures": [sha256...], "without_fin": [...]},
// then the float32 rows of "pictures" in that order, little-endian.

EmbeddingCache::EmbeddingCache(std::filesystem::path file, std::string recipe, std::size_t num_dims)
    : file_(std::move(file)), recipe_(std::move(recipe)), num_dims_(num_dims) {
  std::error_code ignored;
  if (std::filesystem::exists(file_, ignored)) load();
}

void EmbeddingCache::load() {
  const std::vector<std::uint8_t> bytes = read_file(file_);
  const auto line_end = std::find(bytes.begin(), bytes.end(), '\n');
  const nlohmann::json header =
      nlohmann::json::parse(bytes.begin(), line_end, nullptr, /*allow_exceptions=*/false);
  if (!header.is_object() || header.value("recipe", "") != recipe_ ||
      header.value("num_dims", std::size_t{0}) != num_dims_ || !header["pictures"].is_array() ||
      !header["without_fin"].is_array()) {
    return;
  }
  const std::size_t row_bytes = num_dims_ * sizeof(float);
  const auto rows_begin = static_cast<std::size_t>(line_end - bytes.begin()) + 1;
  if (bytes.size() != rows_begin + header["pictures"].size() * row_bytes) return;
  const std::uint8_t* row = bytes.data() + rows_begin;
  for (const nlohmann::json& sha256 : header["pictures"]) {
    std::vector<float> values(num_dims_);
    std::memcpy(values.data(), row, row_bytes);
    row += row_bytes;
    embeddings_.emplace(sha256.get<std::string>(), std::move(values));
  }
  for (const nlohmann::json& sha256 : header["without_fin"]) {
    embeddings_.emplace(sha256.get<std::string>(), std::vector<float>());
  }
}

std::optional<std::vector<float>> EmbeddingCache::find(const std::string& sha256) const {
  const auto found = embeddings_.find(sha256);
  if (found == embeddings_.end()) return std::nullopt;
  return found->second;
}

void EmbeddingCache::add(const std::string& sha256, std::vector<float> embedding) {
  embeddings_[sha256] = std::move(embedding);
  changed_ = true;
}

void EmbeddingCache::save() {
  if (!changed_) return;
  nlohmann::json header{{"recipe", recipe_},
                        {"num_dims", num_dims_},
                        {"pictures", nlohmann::json::array()},
                        {"without_fin", nlohmann::json::array()}};
  std::vector<std::uint8_t> rows;
  for (const auto& [sha256, values] : embeddings_) {
    header[values.empty() ? "without_fin" : "pictures"].push_back(sha256);
    const auto* first = reinterpret_cast<const std::uint8_t*>(values.data());
    rows.insert(rows.end(), first, first + values.size() * sizeof(float));
  }
  const std::string line = header.dump() + '\n';
  std::vector<std::uint8_t> bytes(line.begin(), line.end());
  bytes.insert(bytes.end(), rows.begin(), rows.end());
  write_file(file_, bytes);
  changed_ = false;
}

std::filesystem::path default_cache_folder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0') {
    return std::filesystem::path(cache) / "finview";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    return std::filesystem::path(home) / ".cache" / "finview";
  }
  throw Error(
      ErrorKind::kBadOptions,
      "Neither XDG_CACHE_HOME nor HOME is set; say with --cache where catalogue indexes go.");
}

}  // namespace finview
