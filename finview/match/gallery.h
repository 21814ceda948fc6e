#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// What is known of one embedded photo of the catalogue.
struct GalleryEntry {
  std::string individual;
  std::string group;  ///< encounter or date; photos of one group are near-copies. Empty: not known
};

/// How alike an individual is to a query.
struct IndividualSimilarity {
  std::size_t individual_index = 0;
  double similarity = 0;             ///< mean over the individual's best photos
  std::size_t best_entry_index = 0;  ///< the photo most alike
};

/// The embedded photos of known individuals.
///
/// Embeddings are n x num_dims floats, row-major, rows of L2 norm 1. Immutable, so any number of
/// threads may ask.
class Gallery {
 public:
  /// Throws Error{kBadInput} if the sizes disagree.
  Gallery(std::vector<GalleryEntry> entries, std::vector<float> embeddings, std::size_t num_dims);

  std::size_t size() const { return entries_.size(); }
  const GalleryEntry& entry(std::size_t index) const { return entries_[index]; }
  std::span<const float> embedding(std::size_t index) const;
  std::size_t individual_index(std::size_t entry_index) const {
    return individual_of_[entry_index];
  }
  /// Sorted names, each once.
  const std::vector<std::string>& individuals() const { return individuals_; }

  /// Every individual with a photo left, in order of `individuals()`: the mean cosine similarity of
  /// its `best_photos` most alike photos (of all it has if they are fewer).
  ///
  /// @param leave_out  an entry that asks about itself: it and the photos of its individual's same
  ///                   group do not count (leave-one-out without near-copies)
  std::vector<IndividualSimilarity> similarities(
      std::span<const float> query,
      std::size_t best_photos,
      std::optional<std::size_t> leave_out = std::nullopt) const;

 private:
  bool is_left_out(std::size_t entry_index, std::size_t query_index) const;

  std::vector<GalleryEntry> entries_;
  std::vector<float> embeddings_;
  std::size_t num_dims_;
  std::vector<std::string> individuals_;
  std::vector<std::size_t> individual_of_;
};

}  // namespace finview
