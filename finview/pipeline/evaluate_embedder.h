#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/match/metrics.h"

#include <cstdint>
#include <optional>
#include <string>

namespace finview {

struct EvaluateEmbedderOptions {
  std::string catalogue;
  std::string model;
  bool include_own_group = false;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field("catalogue",
                  catalogue,
                  "Fins of known individuals: a table (columns file, individual, and encounter or "
                  "date), a folder with labels.csv, or one with a folder per individual");
    visitor.field("model", model, "Embedding model (.fvm)");
    visitor.field("include-own-group",
                  include_own_group,
                  "Let photos of the same encounter find each other, which flatters: they are "
                  "near-copies");
    visitor.field("seed", seed, "Of the bootstrap", 0, 1'000'000'000);
  }
};

struct EmbedderEvaluation {
  std::size_t num_fins = 0;
  std::size_t num_strangers = 0;  ///< fins without an individual: to be ranked behind
  std::size_t num_dims = 0;
  std::string model_id;
  RankingMetrics metrics;
};

/// Embeds the catalogue's fins and asks each of all the others. Nothing if cancelled.
///
/// Throws Error for a model or pictures that cannot be read, and Error{kBadInput} if no individual
/// has two photos (of different encounters, unless `include_own_group`).
std::optional<EmbedderEvaluation> evaluate_embedder(const EvaluateEmbedderOptions& options,
                                                    Progress& progress,
                                                    const CancelToken& cancel);

}  // namespace finview
