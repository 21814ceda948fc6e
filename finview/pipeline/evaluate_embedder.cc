#include "finview/pipeline/evaluate_embedder.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"
#include "finview/embedding/edge_embedder.h"
#include "finview/embedding/embedder.h"
#include "finview/match/edge_similarity.h"
#include "finview/outline/fin_masker.h"
#include "finview/pipeline/fin_collection.h"
#include "finview/pipeline/fin_signer.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::size_t kNumReplicates = 2000;
constexpr std::size_t kAtOnce = 16;
constexpr double kNothingToCompare = -2;

using Similarity = std::function<double(std::size_t, std::size_t)>;

/// The fins as `sign` signs them, a few at a time; fewer if cancelled.
std::vector<FinSignature> sign_all(
    const std::vector<Crop>& crops,
    const std::function<std::vector<FinSignature>(std::span<const Crop>)>& sign,
    Progress& progress,
    const CancelToken& cancel) {
  std::vector<FinSignature> signatures;
  while (signatures.size() < crops.size() && !cancel.cancelled()) {
    const std::size_t first = signatures.size();
    const std::size_t count = std::min(kAtOnce, crops.size() - first);
    for (FinSignature& signature : sign(std::span(crops).subspan(first, count))) {
      signatures.push_back(std::move(signature));
    }
    progress.update("Embedding",
                    static_cast<std::int64_t>(signatures.size()),
                    static_cast<std::int64_t>(crops.size()));
  }
  progress.finish();
  return signatures;
}

std::vector<FinSignature> sign_looks(const Embedder& embedder, std::span<const Crop> crops) {
  std::vector<FinSignature> signatures;
  for (Embedding& embedding : embedder.embed(crops)) {
    signatures.push_back({std::move(embedding.values), std::nullopt, {}});
  }
  return signatures;
}

Similarity similarity_by(const std::string& witness, const std::vector<FinSignature>& fins) {
  if (witness == "look") {
    return [&fins](std::size_t a, std::size_t b) {
      const std::vector<float>& x = fins[a].embedding;
      return std::inner_product(x.begin(), x.end(), fins[b].embedding.begin(), 0.0);
    };
  }
  const bool by_network = witness == "edge-network";
  return [&fins, by_network](std::size_t a, std::size_t b) {
    if (!fins[a].edge || !fins[b].edge) return kNothingToCompare;
    return by_network ? edge_view_similarity(fins[a].edge_views, fins[b].edge_views)
                      : edge_similarity(*fins[a].edge, *fins[b].edge);
  };
}

}  // namespace

std::optional<EmbedderEvaluation> evaluate_embedder(const EvaluateEmbedderOptions& options,
                                                    Progress& progress,
                                                    const CancelToken& cancel) {
  check_options(options);
  const ModelOptions models = with_shipped_models(options.models);
  const Embedder embedder(models.embedder);
  std::vector<GalleryEntry> entries;
  std::vector<Crop> crops;
  for (CollectedFin& fin : read_labelled_fins(options.catalogue, progress)) {
    entries.push_back(std::move(fin.label));
    crops.push_back(std::move(fin.crop));
  }
  std::vector<FinSignature> fins;
  if (options.witness == "look") {
    fins = sign_all(
        crops, [&](auto some) { return sign_looks(embedder, some); }, progress, cancel);
  } else {
    const EdgeEmbedder edge_embedder(models.edge_network);
    const FinMasker masker(models.outline);
    const FinSigner signer(embedder, edge_embedder, masker);
    fins = sign_all(
        crops, [&](auto some) { return signer.sign(some); }, progress, cancel);
  }
  if (cancel.cancelled()) return {};

  const std::vector<QueryRanking> rankings = rank_leave_one_out(
      similarity_by(options.witness, fins), entries, !options.include_own_group, num_cores());
  if (rankings.empty()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("No individual of {} has two photos{}; there is nothing to find.",
                            options.catalogue,
                            options.include_own_group ? "" : " of different encounters"));
  }
  std::vector<std::string> individuals;
  for (const QueryRanking& ranking : rankings) {
    individuals.push_back(entries[ranking.entry_index].individual);
  }
  const auto num_strangers =
      std::count_if(entries.begin(), entries.end(), [](const GalleryEntry& entry) {
        return entry.individual.empty();
      });
  return EmbedderEvaluation{
      entries.size(),
      static_cast<std::size_t>(num_strangers),
      summarize_rankings(
          rankings, individuals, kNumReplicates, static_cast<std::uint64_t>(options.seed))};
}

}  // namespace finview
