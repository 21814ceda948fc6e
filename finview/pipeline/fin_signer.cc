#include "finview/pipeline/fin_signer.h"

#include "finview/base/threads.h"
#include "finview/embedding/embedder.h"
#include "finview/outline/fin_edge.h"
#include "finview/outline/find_outline.h"

namespace finview {
namespace {

/// Counts the versions of outline and edge; cached signatures of older ones are made anew.
constexpr const char* kEdgeVersion = "edge 1";

}  // namespace

FinSigner::FinSigner(const Embedder& embedder)
    : embedder_(embedder), recipe_(std::string(kEdgeVersion) + " " + embedder.model_id()) {}

std::vector<FinSignature> FinSigner::sign(std::span<const Crop> crops) const {
  std::vector<FinSignature> signatures(crops.size());
  parallel_for(crops.size(), num_cores(), [&](std::size_t i) {
    signatures[i].edge = find_edge(find_outline(crops[i]));
  });
  std::vector<Embedding> embeddings = embedder_.embed(crops);
  for (std::size_t i = 0; i < crops.size(); ++i) {
    signatures[i].embedding = std::move(embeddings[i].values);
  }
  return signatures;
}

}  // namespace finview
