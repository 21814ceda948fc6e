#pragma once

#include "finview/match/gallery.h"

#include <array>
#include <cstddef>
#include <set>
#include <span>
#include <vector>

namespace finview {

/// How much a query lets its witnesses see, each in [0, 1].
struct QueryWorth {
  double edge = 0;   ///< quality of its trailing edge; 0 without one
  double marks = 0;  ///< 1 from 40 marks on
};

QueryWorth worth_of(const FinSignature& query);

/// One standardized word per witness: how many standard deviations an individual is above what
/// strangers of this very query reach, times what the query lets the witness see; 0 = silent. Marks
/// are silent up to one deviation: as few matches as chance gives speak neither for nor against, as
/// the same fin often shows no more.
using Words = std::array<double, kNumWitnesses>;

/// Mean and spread of similarities.
struct Spread {
  double mean = 0;
  double deviation = 1;
};

/// What a query's witnesses say, comparable between queries, species and catalogues.
///
/// Mean and spread are those of the individuals compared, without the most alike, and count the
/// usual ones (fitted on rendered catalogues) as eight individuals more, so that a catalogue of one
/// individual has them too.
struct Evidence {
  std::vector<IndividualSimilarity> found;
  std::vector<Words> words;  ///< of each of `found`
  QueryWorth worth;
  std::array<Spread, kNumWitnesses> strangers;  ///< by witness

  /// The same words about anything else, e.g. a single photo.
  Words words_about(const Testimony& similarities) const;
};

Evidence weigh(std::vector<IndividualSimilarity> found, const QueryWorth& worth);

/// Takes individuals out: the query is known not to show them. What strangers reach stays.
void forget(Evidence& evidence, const std::set<std::size_t>& individuals);

/// What each witness's word is worth, and what speaks for nobody.
struct Calibration {
  Words witnesses{};        ///< factor of each word; 0 or more
  double nobody = 0;        ///< logit of "nobody known", besides its prior odds
  double nobody_edge = 0;   ///< the same, per worth of the query's edge
  double nobody_marks = 0;  ///< the same, per worth of the query's marks
};

/// Near what fits the rendered catalogues of docs/matching.md, which says where it departs; used
/// where a catalogue is too small.
const Calibration& shipped_calibration();

/// Chances of a fin to show each individual or nobody known.
struct Probabilities {
  std::vector<double> individuals;  ///< in the order of `Evidence::found`
  double p_new = 1;                 ///< 1 if there is no individual
};

/// Softmax of the individuals' weighted words and of nobody's logit, which holds the prior odds
/// `new_share` to 1 - `new_share`, shared among the individuals.
///
/// Several photos of one fin are given together: their logits are added and divided by the fourth
/// root of their number (their errors are not independent: docs/matching.md), the prior odds count
/// once. All must list the same individuals.
Probabilities probabilities(std::span<const Evidence> photos,
                            const Calibration& calibration,
                            double new_share);

}  // namespace finview
