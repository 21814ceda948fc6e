#pragma once

#include "finview/base/options.h"
#include "finview/base/progress.h"

#include <cstdint>
#include <string>
#include <vector>

namespace finview {

struct EvaluateOutlineOptions {
  std::string model;
  std::string outlines;
  std::string data;
  std::string part = "held-out";
  std::int64_t num_rendered = 200;
  bool recipe = false;
  std::int64_t seed = 900;

  void visit(OptionVisitor& visitor);
};

/// How automatic masks of some fins agree with their true ones.
struct MaskAgreement {
  std::string set;               ///< "real" or "rendered"
  std::vector<double> overlaps;  ///< intersection over union where the truth is known, per fin
  /// Mean distance between both borders, as share of the fin's height, per fin.
  std::vector<double> distances;
  std::vector<double> confidences;
  std::vector<std::string> doubts;  ///< empty where there is none
  std::vector<std::string> names;
  double ms_per_crop = 0;  ///< on one core
};

/// Masks of crops with the usual margin, by the networks of `model` or by the recipe that learns
/// nothing (`auto_mask`), against the table's outlines and against rendered fins. Seeds of rendered
/// fins must differ from those trained on. Throws as `read_outline_pictures` and `FinMasker`.
std::vector<MaskAgreement> evaluate_outline(const EvaluateOutlineOptions& options,
                                            Progress& progress);

}  // namespace finview
