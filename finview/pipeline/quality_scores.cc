#include "finview/pipeline/quality_scores.h"

namespace finview {

std::vector<QualityScore> score_by_quality(std::span<const QueryRanking> rankings,
                                           std::span<const QualityClass> qualities) {
  std::vector<QualityScore> scores;
  for (const QualityClass quality :
       {QualityClass::kExcellent, QualityClass::kGood, QualityClass::kFair, QualityClass::kPoor}) {
    QualityScore score{quality};
    for (const QueryRanking& ranking : rankings) {
      if (qualities[ranking.entry_index] != quality) continue;
      ++score.num_queries;
      score.rank_1 += ranking.rank == 1 ? 1 : 0;
      score.rank_5 += ranking.rank <= 5 ? 1 : 0;
      score.mean_average_precision += ranking.average_precision;
    }
    if (score.num_queries > 0) {
      const auto count = static_cast<double>(score.num_queries);
      score.rank_1 /= count;
      score.rank_5 /= count;
      score.mean_average_precision /= count;
    }
    scores.push_back(score);
  }
  return scores;
}

}  // namespace finview
