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

// The file: one line of JSON {"recipe", "pictures": [[sha256, number of the embedding's floats, of
// the edge's, of the edge views'], ...]}, then the floats of all pictures in that order, float32,
// little-endian. A picture without a fin has three zeros.

using nlohmann::json;

constexpr std::size_t kNumSignals = FinEdge::kNumChannels * FinEdge::kNumSamples;
constexpr std::size_t kFewestEdgeFloats = 3 + kNumSignals;

std::vector<float> edge_floats(const FinEdge& edge) {
  std::vector<float> floats{static_cast<float>(edge.length_px),
                            edge.side == FinSide::kLeft ? 0.F : 1.F,
                            static_cast<float>(edge.quality)};
  floats.insert(floats.end(), edge.signals.begin(), edge.signals.end());
  for (const cv::Point2f& point : edge.points) floats.insert(floats.end(), {point.x, point.y});
  return floats;
}

FinEdge edge_from(std::span<const float> floats) {
  FinEdge edge;
  edge.length_px = floats[0];
  edge.side = floats[1] == 0 ? FinSide::kLeft : FinSide::kRight;
  edge.quality = floats[2];
  const auto signals = floats.subspan(3, kNumSignals);
  edge.signals.assign(signals.begin(), signals.end());
  for (std::size_t i = kFewestEdgeFloats; i + 1 < floats.size(); i += 2) {
    edge.points.emplace_back(floats[i], floats[i + 1]);
  }
  return edge;
}

struct Row {
  std::string sha256;
  std::size_t num_embedding = 0;
  std::size_t num_edge = 0;
  std::size_t num_edge_views = 0;

  std::size_t num_floats() const { return num_embedding + num_edge + num_edge_views; }
};

/// Nothing if the header is not one of ours or of another recipe.
std::optional<std::vector<Row>> read_header(const std::string& line, const std::string& recipe) {
  try {
    const json header = json::parse(line);
    if (header.at("recipe") != recipe) return std::nullopt;
    std::vector<Row> rows;
    for (const json& row : header.at("pictures")) {
      rows.push_back({row.at(0), row.at(1), row.at(2), row.at(3)});
      const std::size_t num_edge = rows.back().num_edge;
      if (num_edge != 0 && num_edge < kFewestEdgeFloats) return std::nullopt;
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
  for (const Row& row : *rows) num_floats += row.num_floats();
  const std::span<const std::uint8_t> body(line_end + 1, bytes.end());
  if (body.size() != num_floats * sizeof(float)) return;
  std::vector<float> floats(num_floats);
  std::memcpy(floats.data(), body.data(), body.size());
  std::span<const float> rest(floats);
  const auto take = [&rest](std::size_t count) {
    const auto taken = rest.first(count);
    rest = rest.subspan(count);
    return std::vector<float>(taken.begin(), taken.end());
  };
  for (const Row& row : *rows) {
    std::optional<FinSignature>& signature = signatures_[row.sha256];
    if (row.num_embedding == 0) continue;
    signature = FinSignature{take(row.num_embedding), std::nullopt, {}};
    if (row.num_edge > 0) signature->edge = edge_from(take(row.num_edge));
    signature->edge_views = take(row.num_edge_views);
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
    if (!signature) {
      pictures.push_back({sha256, 0, 0, 0});
      continue;
    }
    const std::vector<float> edge =
        signature->edge ? edge_floats(*signature->edge) : std::vector<float>();
    pictures.push_back(
        {sha256, signature->embedding.size(), edge.size(), signature->edge_views.size()});
    floats.insert(floats.end(), signature->embedding.begin(), signature->embedding.end());
    floats.insert(floats.end(), edge.begin(), edge.end());
    floats.insert(floats.end(), signature->edge_views.begin(), signature->edge_views.end());
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
