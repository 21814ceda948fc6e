#pragma once

#include "finview/match/gallery_entry.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// How one photo, asked of all the others, found its own individual.
struct QueryRanking {
  std::size_t entry_index = 0;
  std::size_t rank = 0;          ///< of its individual among the individuals, 1 = first
  double average_precision = 0;  ///< over the photos, most alike first
};

/// Asks every photo of all the others, by cosine similarity; individuals by their best photo.
///
/// An entry without an individual is a stranger: it never asks and counts as an individual of its
/// own. A photo asks if another one of its individual is left to be found. Equal similarities
/// count as wrong ones first, so that embeddings that are all the same earn nothing.
/// Average precision: Manning, Raghavan & Schütze, "Introduction to Information Retrieval", 2008,
/// section 8.4. O(n^2 num_dims).
///
/// @param rows  entries.size() x num_dims, row-major, rows of L2 norm 1
/// @param exclude_own_group  leave out the photos of the individual's own group (encounter, date),
///                           which are near-copies; an empty group is nobody's
/// Throws Error{kBadInput} if the sizes disagree.
std::vector<QueryRanking> rank_leave_one_out(std::span<const float> rows,
                                             std::size_t num_dims,
                                             std::span<const GalleryEntry> entries,
                                             bool exclude_own_group);

/// The same by any similarity of two entries (large is alike), which is asked from `num_threads`
/// threads; `similarity(query, other)`.
std::vector<QueryRanking> rank_leave_one_out(
    const std::function<double(std::size_t, std::size_t)>& similarity,
    std::span<const GalleryEntry> entries,
    bool exclude_own_group,
    int num_threads);

/// A mean over queries and the interval that holds 95 % of its bootstrap replicates.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
};

struct RankingMetrics {
  std::size_t num_queries = 0;
  std::size_t num_individuals = 0;  ///< that ask
  Estimate rank_1;                  ///< share of queries whose individual comes first
  Estimate rank_5;                  ///< ... is among the first five individuals
  Estimate rank_10;
  Estimate mean_average_precision;
  Estimate mean_reciprocal_rank;
};

/// Means over `rankings`; all 0 without any.
///
/// The intervals resample individuals with replacement, not photos, because photos of one
/// individual succeed and fail together. Efron & Tibshirani, "An Introduction to the Bootstrap",
/// 1993, section 13.3. With one individual the interval is the value itself.
///
/// @param individuals  of each ranking, in their order
RankingMetrics summarize_rankings(std::span<const QueryRanking> rankings,
                                  std::span<const std::string> individuals,
                                  std::size_t num_replicates,
                                  std::uint64_t seed);

}  // namespace finview
