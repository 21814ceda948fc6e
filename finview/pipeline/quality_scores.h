#pragma once

#include "finview/match/metrics.h"
#include "finview/outline/fin_quality.h"

#include <cstddef>
#include <span>
#include <vector>

namespace finview {

/// How the photos of one quality class found their individuals.
struct QualityScore {
  QualityClass quality = QualityClass::kPoor;
  std::size_t num_queries = 0;
  double rank_1 = 0;
  double rank_5 = 0;
  double mean_average_precision = 0;
};

/// One score for each of the four classes, excellent first; a class nobody asked from has zeros.
///
/// A photo counts by its own quality, whatever that of the photos it is compared with.
/// `qualities`: of every entry that `rankings` may name.
std::vector<QualityScore> score_by_quality(std::span<const QueryRanking> rankings,
                                           std::span<const QualityClass> qualities);

}  // namespace finview
