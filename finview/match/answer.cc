#include "finview/match/answer.h"

#include <algorithm>

namespace finview {

const char* to_string(Decision decision) {
  switch (decision) {
    case Decision::kKnown:
      return "known";
    case Decision::kNew:
      return "new";
    case Decision::kUnsure:
      return "unsure";
  }
  return "unsure";
}

Answer answer_query(const Gallery& gallery,
                    const FinSignature& query,
                    const Calibration& calibration,
                    const MatchOptions& options) {
  const std::vector<IndividualSimilarity> found =
      gallery.similarities(query, static_cast<std::size_t>(options.best_photos));
  const Probabilities chances = probabilities(found, calibration);
  Answer answer;
  answer.p_new = chances.p_new;
  for (std::size_t i = 0; i < found.size(); ++i) {
    answer.candidates.push_back({gallery.individuals()[found[i].individual_index],
                                 chances.individuals[i],
                                 found[i].look,
                                 found[i].edge,
                                 found[i].edge_network,
                                 found[i].best_entry_index});
  }
  // Similarities come in the order of names, so a stable sort settles ties by name.
  std::stable_sort(
      answer.candidates.begin(),
      answer.candidates.end(),
      [](const Candidate& a, const Candidate& b) { return a.probability > b.probability; });
  const double p_best = answer.candidates.empty() ? 0 : answer.candidates.front().probability;
  answer.decision = Decision::kUnsure;
  if (p_best >= options.decide_at && p_best >= answer.p_new) {
    answer.decision = Decision::kKnown;
  } else if (answer.p_new >= options.decide_at) {
    answer.decision = Decision::kNew;
  }
  if (answer.candidates.size() > static_cast<std::size_t>(options.top)) {
    answer.candidates.resize(static_cast<std::size_t>(options.top));
  }
  return answer;
}

}  // namespace finview
