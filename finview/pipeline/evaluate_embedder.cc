#include "finview/pipeline/evaluate_embedder.h"

#include "finview/base/error.h"
#include "finview/embedding/embedder.h"
#include "finview/pipeline/fin_collection.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::size_t kNumReplicates = 2000;

}  // namespace

std::optional<EmbedderEvaluation> evaluate_embedder(const EvaluateEmbedderOptions& options,
                                                    Progress& progress,
                                                    const CancelToken& cancel) {
  check_options(options);
  const Embedder embedder(options.model);
  const std::vector<CollectedFin> fins = read_labelled_fins(options.catalogue, progress);
  std::vector<float> rows;
  std::vector<GalleryEntry> entries;
  for (const CollectedFin& fin : fins) {
    if (cancel.cancelled()) return {};
    const Embedding embedding = embedder.embed(std::span(&fin.crop, 1))[0];
    rows.insert(rows.end(), embedding.values.begin(), embedding.values.end());
    entries.push_back(fin.label);
    progress.update("Embedding",
                    static_cast<std::int64_t>(entries.size()),
                    static_cast<std::int64_t>(fins.size()));
  }
  progress.finish();

  const auto num_dims = static_cast<std::size_t>(embedder.num_dims());
  const std::vector<QueryRanking> rankings =
      rank_leave_one_out(rows, num_dims, entries, !options.include_own_group);
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
      num_dims,
      embedder.model_id(),
      summarize_rankings(
          rankings, individuals, kNumReplicates, static_cast<std::uint64_t>(options.seed))};
}

}  // namespace finview
