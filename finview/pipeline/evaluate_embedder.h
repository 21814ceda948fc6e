#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/match/identification_report.h"
#include "finview/pipeline/checked_fins.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/quality_scores.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace finview {

struct EvaluateEmbedderOptions {
  std::string catalogue;
  std::string witness = "look";
  ModelOptions models;
  bool include_own_group = false;
  bool without_quality = false;
  std::string bad_labels = "leave-out";
  std::string out;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field("catalogue",
                  catalogue,
                  "Fins of known individuals: a table (columns file, individual, and encounter or "
                  "date; photos whose column role says gallery are found, but do not ask), a "
                  "folder with labels.csv, or one with a folder per individual");
    visitor.field(
        "witness",
        witness,
        "What is compared: the look's embedding, the trailing edge by correlation, or the "
        "edge as its network sees it",
        {"look", "edge", "edge-network"});
    models.visit(visitor);
    visitor.field("include-own-group",
                  include_own_group,
                  "Let photos of the same encounter find each other, as a random split does. This "
                  "leaks: they are near-copies");
    visitor.field("without-quality",
                  without_quality,
                  "Leave the figures by photo quality out, for which every fin must be outlined");
    visitor.field("bad-labels",
                  bad_labels,
                  "Pictures with two names, copies, pictures that cannot be read",
                  kBadLabelChoices);
    visitor.field("out",
                  out,
                  "Folder for the whole report: index.html with curves, tables and the surest "
                  "mistakes, report.json; empty: none");
    visitor.field("seed", seed, "Of the bootstrap", 0, 1'000'000'000);
  }
};

struct EmbedderEvaluation {
  IdentificationReport report;
  std::vector<QualityScore> by_quality;  ///< excellent first; empty if left out
};

/// Asks each of the catalogue's fins of all the others, by one witness alone, and writes the report
/// if a folder is given. Nothing if cancelled.
///
/// Reads the catalogue as `read_checked_fins` does.
/// Photos are graded as `assess_quality` does, by the outline the outline model finds.
/// A fin without a trailing edge is like nobody to the witnesses of the edge.
/// Throws Error for a model or pictures that cannot be read, and Error{kBadInput} if no individual
/// has two photos (of different encounters, unless `include_own_group`).
std::optional<EmbedderEvaluation> evaluate_embedder(const EvaluateEmbedderOptions& options,
                                                    Progress& progress,
                                                    const CancelToken& cancel);

}  // namespace finview
