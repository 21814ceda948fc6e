#include "finview/pipeline/signature_cache.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <span>

#include <nlohmann/json.hpp>

namespace finview {
namespace {

// The file: one line of JSON {"recipe", "pictures": [[sha256, number of embedding's floats, number
// of edge's floats], ...]}, then the floats of all pictures in that order, float32, little-endian.
// A picture without a fin has 0 and 0.

using nlohmann::json;

std::vector<float> edge_floats(const FinEdge& edge) {
  std::vector<float> floats{edge.tip.x,
                            edge.tip.y,
                            edge.end.x,
                            edge.end.y,
                            static_cast<float>(edge.length_px),
                            edge.side == FinSide::kLeft ? 0.F : 1.F,
                            static_cast<float>(edge.quality)};
  floats.insert(floats.end(), edge.signals.begin(), edge.signals.end());
  return floats;
}

constexpr std::size_t kEdgeFloats = 7 + FinEdge::kNumChannels * FinEdge::kNumSamples;

FinEdge edge_from(std::span<const float> floats) {
  FinEdge edge;
  edge.tip = {floats[0], floats[1]};
  edge.end = {floats[2], floats[3]};
  edge.length_px = floats[4];
  edge.side = floats[5] == 0 ? FinSide::kLeft : FinSide::kRight;
  edge.quality = floats[6];
  edge.signals.assign(floats.begin() + 7, floats.end());
  return edge;
}

struct Row {
  std::string sha256;
  std::size_t num_embedding = 0;
  std::size_t num_edge = 0;
};

/// Nothing if the header is not one of ours or of another recipe.
std::optional<std::vector<Row>> read_header(const std::string& line, const std::string& recipe) {
  try {
    const json header = json::parse(line);
    if (header.at("recipe") != recipe) return std::nullopt;
    std::vector<Row> rows;
    for (const json& row : header.at("pictures")) {
      rows.push_back({row.at(0), row.at(1), row.at(2)});
      if (rows.back().num_edge != 0 && rows.back().num_edge != kEdgeFloats) return std::nullopt;
    }
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
  const std::vector<std::uint8_t> bytes = read_file(file_);
  const auto line_end = std::find(bytes.begin(), bytes.end(), '\n');
  const auto rows = read_header({bytes.begin(), line_end}, recipe_);
  if (!rows || line_end == bytes.end()) return;
  std::size_t num_floats = 0;
  for (const Row& row : *rows) num_floats += row.num_embedding + row.num_edge;
  const std::span<const std::uint8_t> body(line_end + 1, bytes.end());
  if (body.size() != num_floats * sizeof(float)) return;
  std::vector<float> floats(num_floats);
  std::memcpy(floats.data(), body.data(), body.size());
  std::span<const float> rest(floats);
  for (const Row& row : *rows) {
    std::optional<FinSignature>& signature = signatures_[row.sha256];
    if (row.num_embedding == 0) continue;
    const auto embedding = rest.first(row.num_embedding);
    signature = FinSignature{{embedding.begin(), embedding.end()}, std::nullopt};
    rest = rest.subspan(row.num_embedding);
    if (row.num_edge > 0) signature->edge = edge_from(rest.first(row.num_edge));
    rest = rest.subspan(row.num_edge);
  }
}

std::optional<FinSignature> SignatureCache::find(const std::string& sha256) const {
  const auto found = signatures_.find(sha256);
  return found == signatures_.end() ? std::nullopt : found->second;
}

void SignatureCache::add(const std::string& sha256, FinSignature signature) {
  signatures_[sha256] = std::move(signature);
  changed_ = true;
}

void SignatureCache::add_without_fin(const std::string& sha256) {
  signatures_[sha256] = std::nullopt;
  changed_ = true;
}

void SignatureCache::save() {
  if (!changed_) return;
  json pictures = json::array();
  std::vector<float> floats;
  for (const auto& [sha256, signature] : signatures_) {
    std::vector<float> edge;
    if (signature && signature->edge) edge = edge_floats(*signature->edge);
    const std::size_t num_embedding = signature ? signature->embedding.size() : 0;
    pictures.push_back({sha256, num_embedding, edge.size()});
    if (signature) {
      floats.insert(floats.end(), signature->embedding.begin(), signature->embedding.end());
    }
    floats.insert(floats.end(), edge.begin(), edge.end());
  }
  const std::string line = json{{"recipe", recipe_}, {"pictures", pictures}}.dump() + '\n';
  std::vector<std::uint8_t> bytes(line.begin(), line.end());
  const auto* first = reinterpret_cast<const std::uint8_t*>(floats.data());
  bytes.insert(bytes.end(), first, first + floats.size() * sizeof(float));
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
