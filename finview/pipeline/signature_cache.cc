#include "finview/pipeline/signature_cache.h"

#include "finview/base/atomic_file.h"
#include "finview/base/error.h"
#include "finview/pipeline/signature_record.h"

#include <algorithm>
#include <cstdlib>

#include <nlohmann/json.hpp>

namespace finview {
namespace {

// The file: one line of JSON {"recipe", "pictures": [[sha256, number of bytes], ...]}, then the
// records of all pictures in that order. A picture without a fin has 0 bytes.

using nlohmann::json;

struct Row {
  std::string sha256;
  std::size_t num_bytes = 0;
};

/// Nothing if the header is not one of ours or of another recipe.
std::optional<std::vector<Row>> read_header(const std::string& line, const std::string& recipe) {
  try {
    const json header = json::parse(line);
    if (header.at("recipe") != recipe) return std::nullopt;
    std::vector<Row> rows;
    for (const json& row : header.at("pictures")) rows.push_back({row.at(0), row.at(1)});
    return rows;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

SignatureCache::SignatureCache(std::filesystem::path file, std::string recipe)
    : file_(std::move(file)), recipe_(std::move(recipe)) {
  std::error_code ignored;
  if (std::filesystem::exists(file_, ignored)) load();
}

void SignatureCache::load() {
  MappedFile mapped(file_);
  const std::span<const std::uint8_t> bytes = mapped.bytes();
  const auto line_end = std::find(bytes.begin(), bytes.end(), '\n');
  const auto rows = read_header({bytes.begin(), line_end}, recipe_);
  if (!rows || line_end == bytes.end()) return;
  std::span<const std::uint8_t> rest(line_end + 1, bytes.end());
  std::size_t num_bytes = 0;
  for (const Row& row : *rows) num_bytes += row.num_bytes;
  if (rest.size() != num_bytes) return;
  for (const Row& row : *rows) {
    records_[row.sha256] = rest.first(row.num_bytes);
    rest = rest.subspan(row.num_bytes);
  }
  mapped_ = std::move(mapped);
}

std::optional<FinSignature> SignatureCache::find(const std::string& sha256) const {
  const auto found = records_.find(sha256);
  return found == records_.end() ? std::nullopt : signature_from(found->second);
}

void SignatureCache::add(const std::string& sha256, const FinSignature& signature) {
  std::vector<std::uint8_t>& bytes = added_[sha256];
  bytes = to_bytes(signature);
  records_[sha256] = bytes;
  changed_ = true;
}

void SignatureCache::add_without_fin(const std::string& sha256) {
  records_[sha256] = {};
  changed_ = true;
}

void SignatureCache::save() {
  if (!changed_) return;
  json pictures = json::array();
  for (const auto& [sha256, bytes] : records_) pictures.push_back({sha256, bytes.size()});
  AtomicFile file(file_);
  file.write(json{{"recipe", recipe_}, {"pictures", pictures}}.dump() + '\n');
  for (const auto& [sha256, bytes] : records_) file.write(bytes);
  file.commit();
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
