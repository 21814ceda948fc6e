#include "finview/pipeline/evaluate_embedder.h"

#include "finview/base/threads.h"
#include "finview/embedding/edge_embedder.h"
#include "finview/embedding/embedder.h"
#include "finview/match/edge_similarity.h"
#include "finview/outline/assess_quality.h"
#include "finview/outline/fin_masker.h"
#include "finview/pipeline/fin_signer.h"
#include "finview/pipeline/identification_page.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::size_t kAtOnce = 16;
constexpr double kNothingToCompare = -2;

using Similarity = std::function<double(std::size_t, std::size_t)>;

/// What the network needs of each crop, and the photo's quality if it is asked for.
class Shapes {
 public:
  /// Without `masker` nothing is outlined and every quality is poor.
  Shapes(const FinMasker* masker, bool assess) : masker_(masker), assess_(assess) {}

  std::vector<ShapedCrop> operator()(std::span<const Crop> crops) {
    std::vector<ShapedCrop> fins(crops.size());
    std::vector<QualityClass> found(crops.size(), QualityClass::kPoor);
    parallel_for(crops.size(), num_cores(), [&](std::size_t i) {
      fins[i] = masker_ != nullptr ? shape_crop(crops[i], *masker_) : ShapedCrop{crops[i], {}, {}};
      if (assess_) found[i] = quality_class(assess_quality(crops[i], fins[i].outline));
    });
    qualities.insert(qualities.end(), found.begin(), found.end());
    return fins;
  }

  std::vector<QualityClass> qualities;  ///< of all crops so far

 private:
  const FinMasker* masker_;
  bool assess_;
};

using Sign = std::function<std::vector<FinSignature>(std::span<const ShapedCrop>)>;

/// The fins as `sign` signs them, a few at a time; fewer if cancelled.
std::vector<FinSignature> sign_all(const std::vector<Crop>& crops,
                                   Shapes& shapes,
                                   const Sign& sign,
                                   Progress& progress,
                                   const CancelToken& cancel) {
  std::vector<FinSignature> signatures;
  while (signatures.size() < crops.size() && !cancel.cancelled()) {
    const std::size_t first = signatures.size();
    const std::size_t count = std::min(kAtOnce, crops.size() - first);
    for (FinSignature& signature : sign(shapes(std::span(crops).subspan(first, count)))) {
      signatures.push_back(std::move(signature));
    }
    progress.update("Embedding",
                    static_cast<std::int64_t>(signatures.size()),
                    static_cast<std::int64_t>(crops.size()));
  }
  progress.finish();
  return signatures;
}

std::vector<FinSignature> sign_looks(const Embedder& embedder, std::span<const ShapedCrop> fins) {
  std::vector<FinSignature> signatures;
  for (Embedding& embedding : embedder.embed(fins)) {
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

std::vector<std::string> words(const EvaluateEmbedderOptions& options) {
  return {fmt::format("{}, by witness \"{}\"{}.",
                      options.catalogue,
                      options.witness,
                      options.witness == "look" && !options.models.embedder.empty()
                          ? ", network " + options.models.embedder
                          : ""),
          options.include_own_group
              ? "LEAKS: photos of one encounter may find each other, and they are near-copies."
              : "Each photo asks all the others; those of its own encounter are left out (where "
                "encounters are known)."};
}

}  // namespace

std::optional<EmbedderEvaluation> evaluate_embedder(const EvaluateEmbedderOptions& options,
                                                    Progress& progress,
                                                    const CancelToken& cancel) {
  check_options(options);
  const ModelOptions models = with_shipped_models(options.models);
  const Embedder embedder(models.embedder);
  std::vector<GalleryEntry> entries;
  std::vector<std::string> names;
  std::vector<Crop> crops;
  for (CollectedFin& fin : read_checked_fins({options.catalogue}, options.bad_labels, progress)) {
    entries.push_back(std::move(fin.label));
    names.push_back(std::move(fin.name));
    crops.push_back(std::move(fin.crop));
  }
  const FinMasker masker(models.outline);
  const bool by_look = options.witness == "look";
  const bool assess = !options.without_quality;
  Shapes shapes(!by_look || embedder.needs_shape() || assess ? &masker : nullptr, assess);
  std::vector<FinSignature> fins;
  if (by_look) {
    fins = sign_all(
        crops, shapes, [&](auto some) { return sign_looks(embedder, some); }, progress, cancel);
  } else {
    const EdgeEmbedder edge_embedder(models.edge_network);
    const FinSigner signer(embedder, edge_embedder, masker);
    fins = sign_all(
        crops, shapes, [&](auto some) { return signer.sign(some); }, progress, cancel);
  }
  if (cancel.cancelled()) return {};

  EmbedderEvaluation evaluation;
  evaluation.report = report_identification(similarity_by(options.witness, fins),
                                            entries,
                                            !options.include_own_group,
                                            static_cast<std::uint64_t>(options.seed),
                                            num_cores());
  if (assess) {
    evaluation.by_quality = score_by_quality(evaluation.report.rankings, shapes.qualities);
  }
  if (!options.out.empty()) {
    write_identification_page(options.out,
                              evaluation.report,
                              {"How well fins are told apart",
                               words(options),
                               entries,
                               names,
                               crops,
                               evaluation.by_quality});
  }
  return evaluation;
}

}  // namespace finview
