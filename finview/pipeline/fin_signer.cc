#include "finview/pipeline/fin_signer.h"

#include "finview/base/threads.h"
#include "finview/embedding/edge_embedder.h"
#include "finview/embedding/embedder.h"
#include "finview/outline/fin_edge.h"
#include "finview/outline/fin_masker.h"
#include "finview/outline/find_marks.h"
#include "finview/outline/find_outline.h"
#include "finview/outline/find_parts.h"
#include "finview/outline/find_skin.h"

#include <fmt/format.h>

namespace finview {
namespace {

/// Counts the versions of outline, edge and marks; cached signatures of older ones are made anew.
constexpr const char* kVersion = "edge 4 marks 2";

}  // namespace

ShapedCrop shape_crop(const Crop& crop, const FinMasker& masker) {
  ShapedCrop shaped{crop, find_outline(crop, masker), {}};
  shaped.edge = find_edge(shaped.outline);
  return shaped;
}

FinSigner::FinSigner(const Embedder& embedder,
                     const EdgeEmbedder& edge_embedder,
                     const FinMasker& masker)
    : embedder_(embedder),
      edge_embedder_(edge_embedder),
      masker_(masker),
      recipe_(fmt::format("{} {} {} {}",
                          kVersion,
                          embedder.model_id(),
                          edge_embedder.model_id(),
                          masker.model_id())) {}

std::vector<ShapedCrop> FinSigner::shape(std::span<const Crop> crops) const {
  std::vector<ShapedCrop> shaped(crops.size());
  parallel_for(
      crops.size(), num_cores(), [&](std::size_t i) { shaped[i] = shape_crop(crops[i], masker_); });
  return shaped;
}

std::vector<FinSignature> FinSigner::sign(std::span<const Crop> crops) const {
  return sign(shape(crops));
}

std::vector<FinSignature> FinSigner::sign(std::span<const ShapedCrop> fins) const {
  std::vector<FinSignature> signatures(fins.size());
  std::vector<std::vector<float>> profiles(fins.size());
  parallel_for(fins.size(), num_cores(), [&](std::size_t i) {
    const std::optional<FinEdge>& edge = fins[i].edge;
    if (!edge) return;
    profiles[i] = edge_view_profiles(edge_points(*edge), outward_sign(edge->side));
    signatures[i].marks = find_marks(fins[i].crop, fins[i].outline, *edge);
    if (const auto parts = find_parts(fins[i].outline)) {
      signatures[i].marks->skin = find_skin(fins[i].crop, fins[i].outline, *parts);
    }
    signatures[i].edge = edge;
  });
  std::vector<Embedding> embeddings = embedder_.embed({fins.begin(), fins.end()});
  for (std::size_t i = 0; i < fins.size(); ++i) {
    signatures[i].embedding = std::move(embeddings[i].values);
    signatures[i].edge_views = edge_embedder_.embed(profiles[i]);
  }
  return signatures;
}

}  // namespace finview
