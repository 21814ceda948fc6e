#pragma once

#include "finview/match/gallery_entry.h"
#include "finview/outline/fin_outline.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// What is compared of a fin: the witnesses' testimony.
struct FinSignature {
  std::vector<float> embedding;      ///< of the whole look; L2 norm 1
  std::optional<FinEdge> edge = {};  ///< absent if no trailing edge was found
  /// Unit vectors of the edge network, one for each view of the edge (`edge_view_profiles`), one
  /// after the other; empty if no trailing edge was found.
  std::vector<float> edge_views = {};
};

/// How alike an individual is to a query.
struct IndividualSimilarity {
  std::size_t individual_index = 0;
  double look = 0;  ///< cosine; mean over the individual's best photos
  /// Of its best photo; absent if query or individual has no trailing edge.
  std::optional<double> edge;
  /// Largest cosine between an edge view of the query and one of any of its photos; as `edge`.
  std::optional<double> edge_network;
  std::size_t best_entry_index = 0;  ///< the photo most alike
};

/// The photos of known individuals, ready to be asked. Immutable, so any number of threads may.
class Gallery {
 public:
  /// Throws Error{kBadInput} if the sizes disagree.
  Gallery(std::vector<GalleryEntry> entries, std::vector<FinSignature> signatures);

  std::size_t size() const { return entries_.size(); }
  const GalleryEntry& entry(std::size_t index) const { return entries_[index]; }
  const FinSignature& signature(std::size_t index) const { return signatures_[index]; }
  std::size_t individual_index(std::size_t entry_index) const {
    return individual_of_[entry_index];
  }
  /// Sorted names, each once.
  const std::vector<std::string>& individuals() const { return individuals_; }

  /// Every individual with a photo left, in order of `individuals()`. `look` is the mean over its
  /// `best_photos` most alike photos (over all it has if they are fewer).
  ///
  /// @param leave_out  an entry that asks about itself: it and the photos of its individual's same
  ///                   group do not count (leave-one-out without near-copies)
  /// O(size()) edge comparisons of about 0.1 ms.
  std::vector<IndividualSimilarity> similarities(
      const FinSignature& query,
      std::size_t best_photos,
      std::optional<std::size_t> leave_out = std::nullopt) const;

 private:
  bool is_left_out(std::size_t entry_index, std::size_t query_index) const;

  std::vector<GalleryEntry> entries_;
  std::vector<FinSignature> signatures_;
  std::vector<std::string> individuals_;
  std::vector<std::size_t> individual_of_;
};

}  // namespace finview
