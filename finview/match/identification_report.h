#pragma once

#include "finview/match/gallery_entry.h"
#include "finview/match/metrics.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// A point of a curve: at this rate of false answers that share of right ones.
struct RatePoint {
  double false_rate = 0;
  double true_rate = 0;
};

/// How one individual's photos were found.
struct IndividualScore {
  std::string individual;
  std::size_t num_queries = 0;
  double rank_1 = 0;
  double mean_average_precision = 0;
};

/// A photo for which another individual came first.
struct Mistake {
  std::size_t query = 0;      ///< entries
  std::size_t taken_for = 0;  ///< the photo that came first
  std::size_t best_own = 0;   ///< the most alike photo of its own individual
  double similarity = 0;      ///< of `taken_for`
  double own_similarity = 0;  ///< of `best_own`
};

/// Everything said about how a witness tells individuals apart.
struct IdentificationReport {
  std::size_t num_entries = 0;
  std::size_t num_strangers = 0;  ///< entries without an individual that ask

  // Closed set: the individual is there.
  RankingMetrics closed;
  double rank_1_by_individual = 0;  ///< mean over individuals, each counting once
  std::vector<double> cumulative;   ///< share found among the first 1, 2, … individuals (CMC)

  // Pairs of photos: the same individual or not.
  std::size_t num_same_pairs = 0;
  std::size_t num_other_pairs = 0;
  double pair_auroc = 0;
  std::vector<RatePoint> pair_curve;            ///< ROC, at most 200 points
  std::vector<RatePoint> true_accept_at_false;  ///< TAR at FAR .1, .01, .001

  // Open set: the individual may be missing.
  std::size_t num_unknown_searches = 0;
  Estimate open_auroc;                         ///< best similarity: known above unknown
  std::vector<RatePoint> identified_at_false;  ///< TPIR at FPIR .3, .1, .01

  // Vote of the most alike photos.
  std::size_t vote_k = 0;  ///< number of photos that vote, the best of 1, 3, 5, 7, 9
  double vote_rank_1 = 0;

  std::vector<QueryRanking> rankings;        ///< of every photo that could be asked
  std::vector<IndividualScore> individuals;  ///< worst first
  std::vector<Mistake> mistakes;             ///< the surest first
};

/// Asks every photo that `asks` of all the others (see `rank_leave_one_out`); pairs of two that do
/// not ask do not count either.
///
/// Open set: every query is also asked with its own individual taken away, and every stranger is
/// asked; these are the unknown searches. FPIR is the share of them whose best similarity reaches
/// the threshold, TPIR the share of known searches that find their individual first and reach it
/// (ISO/IEC 19795-1). Pairs of one group of one individual are left out where `exclude_own_group`.
///
/// The vote weighs each of the k most alike photos by 1 + similarity; k is the one that finds most
/// of these photos, so its figure flatters a little. Intervals: 1,000 replicates, individuals drawn
/// with replacement; unknown searches by strangers one by one.
///
/// @param similarity  large is alike; asked once for each ordered pair, from `num_threads` threads
/// O(n^2 log n), 4 n^2 bytes. Throws Error{kBadInput} if nobody can ask.
IdentificationReport report_identification(
    const std::function<double(std::size_t, std::size_t)>& similarity,
    std::span<const GalleryEntry> entries,
    bool exclude_own_group,
    std::uint64_t seed,
    int num_threads);

}  // namespace finview
