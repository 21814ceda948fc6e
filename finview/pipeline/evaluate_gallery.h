#pragma once

#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/match/answer.h"
#include "finview/match/evidence.h"
#include "finview/match/gallery.h"
#include "finview/match/metrics.h"
#include "finview/match/open_set.h"
#include "finview/pipeline/novelty.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace finview {

/// How individuals are told apart into those fitted to and those judged.
struct EvaluationSplit {
  std::int64_t folds = 5;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field("folds",
                  folds,
                  "Individuals are split into this many parts; each is judged by a calibration "
                  "fitted to the others",
                  2,
                  20);
    visitor.field("seed", seed, "Of the parts and the intervals", 0, 1'000'000'000);
  }
};

/// What some witnesses find together.
struct WitnessesEvaluation {
  std::vector<Witness> witnesses;
  RankingMetrics ranking;      ///< rank by probability; average precision over photos
  Estimate stranger_auroc;     ///< chance that p_new of a stranger is above that of a known fin
  double true_positive_1 = 0;  ///< TPIR at FPIR 1 %
  double true_positive_10 = 0;
};

/// How fins are answered at the false-match rate asked for.
struct DecisionShares {
  double matched = 0;
  double matched_rightly = 0;
  double called_new = 0;
};

struct IdentifyEvaluation {
  std::size_t num_photos = 0;
  std::size_t num_individuals = 0;
  bool calibrated_on_catalogue = false;
  std::vector<WitnessesEvaluation> by_witnesses;  ///< each alone, without network, pairs, all
  WitnessesEvaluation pooled;                     ///< all, the photos of an encounter together
  DecisionShares known;
  DecisionShares strangers;
  std::vector<ReliabilityBin> reliability;  ///< of the most probable answer, nobody among them
  double calibration_error = 0;
  ChanceError calibration_chance;  ///< of as many probabilities that are all true
  Novelty novelty;
  Calibration calibration;  ///< of all photos together: what `identify` would use here
  /// By witness, what individuals reach that are not the query's, without the most alike of each.
  std::array<Spread, kNumWitnesses> stranger_similarities;
  std::vector<std::string> missed;  ///< photos whose individual does not come first: "file: ..."
};

/// Leave-one-out over a gallery: each fin (of 500 at most) asks the rest without its own group, and
/// again without its individual.
///
/// Individuals are split into parts; weights and threshold with which a part is judged are fitted
/// to the others, so nothing is judged by what it taught. A gallery that can ask fewer than 30
/// questions is judged by the shipped calibration. Intervals hold 95 % of 1,000 draws of
/// individuals.
/// @param names  of the gallery's entries, for those that are missed
/// Deterministic. Throws Error{kBadInput} if no individual has fins of two groups.
IdentifyEvaluation evaluate_gallery(const Gallery& gallery,
                                    const std::vector<std::string>& names,
                                    const MatchOptions& match,
                                    const EvaluationSplit& split,
                                    Progress& progress);

}  // namespace finview
