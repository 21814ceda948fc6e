#pragma once

#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/outline/fin_quality.h"

#include <cstdint>
#include <string>
#include <vector>

namespace finview {

struct EvaluateOutlineOptions {
  std::string model;
  std::string outlines;
  std::string data;
  std::string part = "held-out";
  std::string sides;
  std::string sheets;
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
  std::vector<FinQuality> qualities;
  std::vector<std::string> names;
  double ms_per_crop = 0;  ///< on all cores together
};

/// How the notches that were found agree with those that rendered fins have.
struct NotchAgreement {
  std::string masks;              ///< whose contours were searched: "true" or "automatic"
  std::int64_t num_true = 0;      ///< seen, and deeper than 2 % of the fin's height
  std::int64_t num_found = 0;     ///< of those, within 2 % of the edge's length
  std::int64_t num_reported = 0;  ///< deeper than 2 % of the fin's height
  std::int64_t num_right = 0;     ///< of those, within 2 % of a true one of any depth
};

/// How often the side of the trailing edge is right.
struct SideAgreement {
  std::string set;  ///< "rendered", or the folder of the real ones
  std::vector<double> confidences;
  std::vector<bool> is_right;  ///< false too where no edge was found
  std::vector<std::string> names;
};

struct OutlineEvaluation {
  std::vector<MaskAgreement> masks;
  std::vector<NotchAgreement> notches;  ///< of rendered fins
  std::vector<SideAgreement> sides;
};

/// Masks of crops with the usual margin, by the networks of `model` or by the recipe that learns
/// nothing (`auto_mask`), against the table's outlines and against rendered fins; notches and sides
/// of rendered fins turned by at most 60 degrees; sides of the crops that the table `sides` lists
/// (columns set, file, trailing_edge: "left" or "right").
///
/// Seeds of rendered fins must differ from those trained on. Throws as `read_outline_pictures` and
/// `FinMasker`.
OutlineEvaluation evaluate_outline(const EvaluateOutlineOptions& options, Progress& progress);

}  // namespace finview
