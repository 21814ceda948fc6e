#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace finview {

/// One individual that a fin may show.
struct Candidate {
  std::string individual;
  double probability = 0;  ///< in [0, 1]; over all individuals and p_new these add up to 1
  double similarity = 0;   ///< cosine of the embeddings, mean over its best photos, in [-1, 1]
  std::optional<double> edge_similarity;  ///< of the trailing edges; absent if one is not known
  std::optional<double> edge_network_similarity;  ///< the same as the edge network sees it
  std::size_t best_entry_index = 0;               ///< row of the gallery most alike
};

enum class Decision { kKnown, kNew, kUnsure };

/// "known", "new", "unsure".
const char* to_string(Decision decision);

/// Who a fin shows.
struct Answer {
  std::vector<Candidate> candidates;  ///< most probable first
  double p_new = 1;                   ///< chance that the individual is not in the gallery
  Decision decision = Decision::kNew;
};

}  // namespace finview
