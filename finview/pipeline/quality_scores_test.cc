#include "finview/pipeline/quality_scores.h"

#include <gtest/gtest.h>

namespace finview {
namespace {

TEST(QualityScores, CountEachPhotoByItsOwnQuality) {
  using enum QualityClass;
  const std::vector<QualityClass> qualities{kGood, kPoor, kGood, kExcellent, kGood};
  // Entry 3 did not ask; entry 4 is asked about nowhere.
  const std::vector<QueryRanking> rankings{{0, 1, 1.0}, {1, 7, 0.125}, {2, 4, 0.5}};
  const std::vector<QualityScore> scores = score_by_quality(rankings, qualities);
  ASSERT_EQ(scores.size(), 4U);
  EXPECT_EQ(scores[0].quality, kExcellent);
  EXPECT_EQ(scores[0].num_queries, 0U);
  EXPECT_EQ(scores[1].quality, kGood);
  EXPECT_EQ(scores[1].num_queries, 2U);
  EXPECT_DOUBLE_EQ(scores[1].rank_1, 0.5);
  EXPECT_DOUBLE_EQ(scores[1].rank_5, 1);
  EXPECT_DOUBLE_EQ(scores[1].mean_average_precision, 0.75);
  EXPECT_EQ(scores[2].quality, kFair);
  EXPECT_EQ(scores[2].num_queries, 0U);
  EXPECT_EQ(scores[3].quality, kPoor);
  EXPECT_EQ(scores[3].num_queries, 1U);
  EXPECT_DOUBLE_EQ(scores[3].rank_5, 0);
  EXPECT_DOUBLE_EQ(scores[3].mean_average_precision, 0.125);
}

}  // namespace
}  // namespace finview
