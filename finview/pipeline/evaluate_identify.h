#pragma once

#include "finview/pipeline/evaluate_gallery.h"
#include "finview/pipeline/identify.h"

#include <string>

namespace finview {

struct EvaluateIdentifyOptions {
  IdentifyOptions identify;
  std::string html;
  std::string json;
  EvaluationSplit split;

  void visit(OptionVisitor& visitor) {
    visitor.field("html", html, "Page with curves and tables: a file that ends in .html");
    visitor.field("json", json, "The same numbers: a file that ends in .json");
    split.visit(visitor);
    identify.match.visit(visitor);
    identify.catalogue.visit(visitor);
    identify.detector.visit(visitor);
    identify.models.visit(visitor);
  }
};

/// Asks a catalogue's fins of each other and writes what the options ask for; see
/// `evaluate_gallery`. Throws as that and `open_catalogue`.
IdentifyEvaluation evaluate_identify(const std::string& folder,
                                     const EvaluateIdentifyOptions& options,
                                     Progress& progress,
                                     const CancelToken& cancel);

}  // namespace finview
