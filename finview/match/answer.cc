#include "finview/match/answer.h"

#include "finview/base/threads.h"

#include <algorithm>

namespace finview {
namespace {

/// Witnesses that say nothing of any individual in any photo.
std::vector<Witness> silent_witnesses(std::span<const Evidence> photos) {
  std::vector<Witness> silent;
  for (std::size_t w = 0; w < kNumWitnesses; ++w) {
    const bool speaks = std::any_of(photos.begin(), photos.end(), [w](const Evidence& photo) {
      return std::any_of(photo.found.begin(), photo.found.end(), [w](const auto& one) {
        return one.similarities[w].has_value();
      });
    });
    if (!speaks) silent.push_back(kWitnesses[w]);
  }
  return silent;
}

}  // namespace

Evidence ask_gallery(const Gallery& gallery,
                     const FinSignature& query,
                     const MatchOptions& options) {
  return weigh(gallery.similarities(
                   query, static_cast<std::size_t>(options.best_photos), std::nullopt, num_cores()),
               worth_of(query));
}

Answer answer_evidence(const Gallery& gallery,
                       std::span<const Evidence> photos,
                       const FittedCalibration& calibration,
                       const MatchOptions& options) {
  const Probabilities chances = probabilities(photos, calibration.calibration, options.new_share);
  Answer answer;
  answer.p_new = chances.p_new;
  answer.silent = silent_witnesses(photos);
  for (std::size_t i = 0; i < chances.individuals.size(); ++i) {
    const IndividualSimilarity& found = photos.front().found[i];
    answer.candidates.push_back({gallery.individuals()[found.individual_index],
                                 chances.individuals[i],
                                 found.similarities,
                                 found.best_entry_index});
  }
  // Similarities come in the order of names, so a stable sort settles ties by name.
  std::stable_sort(
      answer.candidates.begin(),
      answer.candidates.end(),
      [](const Candidate& a, const Candidate& b) { return a.probability > b.probability; });
  answer.decision = Decision::kUnsure;
  if (best_logit(chances) >=
      match_threshold(calibration.stranger_logits, options.false_match_rate)) {
    answer.decision = Decision::kKnown;
  } else if (answer.p_new >= options.new_at) {
    answer.decision = Decision::kNew;
  }
  if (answer.candidates.size() > static_cast<std::size_t>(options.top)) {
    answer.candidates.resize(static_cast<std::size_t>(options.top));
  }
  return answer;
}

}  // namespace finview
