#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/match/identification_report.h"
#include "finview/pipeline/checked_fins.h"
#include "finview/pipeline/models.h"

#include <cstdint>
#include <optional>
#include <string>

namespace finview {

struct EvaluateEmbedderOptions {
  std::string catalogue;
  std::string witness = "look";
  ModelOptions models;
  bool include_own_group = false;
  std::string bad_labels = "leave-out";
  std::string out;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field("catalogue",
                  catalogue,
                  "Fins of known individuals: a table (columns file, individual, and encounter or "
                  "date), a folder with labels.csv, or one with a folder per individual");
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

/// Asks each of the catalogue's fins of all the others, by one witness alone, and writes the report
/// if a folder is given. Nothing if cancelled.
///
/// Reads the catalogue as `read_checked_fins` does.
/// A fin without a trailing edge is like nobody to the witnesses of the edge.
/// Throws Error for a model or pictures that cannot be read, and Error{kBadInput} if no individual
/// has two photos (of different encounters, unless `include_own_group`).
std::optional<IdentificationReport> evaluate_embedder(const EvaluateEmbedderOptions& options,
                                                      Progress& progress,
                                                      const CancelToken& cancel);

}  // namespace finview
