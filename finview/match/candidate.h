#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace finview {

/// Who is asked how alike two fins are.
enum class Witness {
  kLook,         ///< embedding of the whole fin
  kEdge,         ///< trailing edges, correlated
  kEdgeNetwork,  ///< trailing edges, as their network sees them
  kWarping,      ///< trailing edges, warped
  kMarks         ///< scars and patches of one flank
};
inline constexpr std::size_t kNumWitnesses = 5;
inline constexpr std::array<Witness, kNumWitnesses> kWitnesses{
    Witness::kLook, Witness::kEdge, Witness::kEdgeNetwork, Witness::kWarping, Witness::kMarks};

/// "look", "edge", "edge-network", "warping", "marks".
const char* to_string(Witness witness);
/// Throws Error{kBadOptions} that lists the names.
Witness witness_named(const std::string& name);

/// One similarity per witness, in the order of kWitnesses; absent = it cannot say. Look and edge
/// network: cosine; edge: correlation, at most 1; warping: 1 less a distance; marks: logarithm of 1
/// and the votes, and eight times the correlation of the skin. Large is alike.
using Testimony = std::array<std::optional<double>, kNumWitnesses>;

/// One individual that a fin may show.
struct Candidate {
  std::string individual;
  double probability = 0;  ///< in [0, 1]; over all individuals and p_new these add up to 1
  Testimony similarities = {};
  std::size_t best_entry_index = 0;  ///< row of the gallery most alike
};

enum class Decision { kKnown, kNew, kUnsure };

/// "known", "new", "unsure".
const char* to_string(Decision decision);

/// Who a fin shows.
struct Answer {
  std::vector<Candidate> candidates;  ///< most probable first
  double p_new = 1;                   ///< chance that the individual is not in the gallery
  Decision decision = Decision::kNew;
  std::vector<Witness> silent;  ///< witnesses that had nothing to say, e.g. for want of an edge
};

}  // namespace finview
