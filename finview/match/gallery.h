#pragma once

#include "finview/match/candidate.h"
#include "finview/match/gallery_entry.h"
#include "finview/match/mark_similarity.h"
#include "finview/outline/fin_marks.h"
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
  std::optional<FinMarks> marks = {};  ///< absent if no trailing edge was found
};

/// How alike a photo is to a query.
struct PhotoSimilarity {
  std::size_t entry_index = 0;
  Testimony similarities = {};
};

/// How alike an individual is to a query.
struct IndividualSimilarity {
  std::size_t individual_index = 0;
  /// Of its best photo by each witness; look: mean over the individual's best photos.
  Testimony similarities = {};
  std::size_t best_entry_index = 0;  ///< the photo most alike
};

/// The photos of known individuals, ready to be asked. Immutable, so any number of threads may.
class Gallery {
 public:
  /// Photos that look and edge network find most alike, each half; the costly witnesses (edge,
  /// warping, marks) see only these.
  static constexpr std::size_t kShortlist = 300;

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

  /// Every photo left, in order.
  ///
  /// @param leave_out  an entry that asks about itself: it and the photos of its individual's same
  ///                   group do not count (leave-one-out without near-copies)
  /// About 2 µs per photo and 0.5 ms for each of the shortlist, on `num_threads` threads; the
  /// result does not depend on their number.
  std::vector<PhotoSimilarity> photo_similarities(
      const FinSignature& query,
      std::optional<std::size_t> leave_out = std::nullopt,
      int num_threads = 1) const;

  /// Every individual with a photo left, in order of `individuals()`. `look` is the mean over its
  /// `best_photos` most alike photos (over all it has if they are fewer).
  std::vector<IndividualSimilarity> by_individual(std::span<const PhotoSimilarity> photos,
                                                  std::size_t best_photos) const;

  std::vector<IndividualSimilarity> similarities(
      const FinSignature& query,
      std::size_t best_photos,
      std::optional<std::size_t> leave_out = std::nullopt,
      int num_threads = 1) const {
    return by_individual(photo_similarities(query, leave_out, num_threads), best_photos);
  }

  /// What every witness says of the query and one entry.
  Testimony compare(const FinSignature& query, std::size_t entry_index) const;

  const MarkBackground& mark_background() const { return mark_background_; }

 private:
  bool is_left_out(std::size_t entry_index, std::size_t query_index) const;
  void ask_costly_witnesses(const FinSignature& query,
                            std::optional<std::size_t> own_individual,
                            std::span<PhotoSimilarity* const> photos,
                            int num_threads) const;

  std::vector<GalleryEntry> entries_;
  std::vector<FinSignature> signatures_;
  std::vector<std::string> individuals_;
  std::vector<std::size_t> individual_of_;
  MarkBackground mark_background_;
};

}  // namespace finview
