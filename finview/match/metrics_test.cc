#include "finview/match/metrics.h"

#include "finview/base/error.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace finview {
namespace {

/// Photos on the unit circle: cosine similarity is the cosine of the angle between two.
struct Photo {
  std::string individual;
  std::string group;
  double angle_deg;
};

std::vector<QueryRanking> rank(const std::vector<Photo>& photos, bool exclude_own_group) {
  std::vector<GalleryEntry> entries;
  std::vector<float> rows;
  for (const Photo& photo : photos) {
    entries.push_back({photo.individual, photo.group});
    rows.push_back(static_cast<float>(std::cos(photo.angle_deg * M_PI / 180)));
    rows.push_back(static_cast<float>(std::sin(photo.angle_deg * M_PI / 180)));
  }
  return rank_leave_one_out(rows, 2, entries, exclude_own_group);
}

TEST(RankLeaveOneOut, GivesTheHandWorkedRanks) {
  // From a at 0: b 10, b 21, a 30, c 50, a 70 -> individuals b, a: rank 2; precisions 1/3 and 2/5.
  const std::vector<QueryRanking> rankings = rank(
      {{"a", "", 0}, {"b", "", 10}, {"b", "", 21}, {"a", "", 30}, {"c", "", 50}, {"a", "", 70}},
      false);
  ASSERT_EQ(rankings.size(), 5U) << "c has one photo and cannot ask";
  EXPECT_EQ(rankings[0].entry_index, 0U);
  EXPECT_EQ(rankings[0].rank, 2U);
  EXPECT_NEAR(rankings[0].average_precision, (1.0 / 3 + 2.0 / 5) / 2, 1e-12);
  // From b at 10: a 10, b 11 -> rank 2.
  EXPECT_EQ(rankings[1].entry_index, 1U);
  EXPECT_EQ(rankings[1].rank, 2U);
  // From a at 70: c 20, a 40, b 49, b 60, a 70 -> precisions 1/2 and 2/5.
  EXPECT_EQ(rankings[4].entry_index, 5U);
  EXPECT_EQ(rankings[4].rank, 2U);
  EXPECT_NEAR(rankings[4].average_precision, (1.0 / 2 + 2.0 / 5) / 2, 1e-12);
}

TEST(RankLeaveOneOut, AsksAnySimilarityFromAnyNumberOfThreads) {
  // Entries 0 to 8 of three individuals; the nearer two numbers are, the more alike.
  std::vector<GalleryEntry> entries;
  for (const char* name : {"a", "b", "b", "a", "c", "a", "c", "b", "a"})
    entries.push_back({name, ""});
  const auto similarity = [](std::size_t x, std::size_t y) {
    return -std::abs(static_cast<double>(x) - static_cast<double>(y));
  };
  const auto one = rank_leave_one_out(similarity, entries, false, 1);
  const auto many = rank_leave_one_out(similarity, entries, false, 4);
  ASSERT_EQ(one.size(), 9U);
  EXPECT_EQ(one[0].rank, 2U) << "b at 1 and 2 comes before a at 3";
  EXPECT_EQ(one[1].rank, 2U) << "b at 2 is as near as a at 0; ties count as wrong first";
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].entry_index, many[i].entry_index);
    EXPECT_EQ(one[i].rank, many[i].rank);
    EXPECT_EQ(one[i].average_precision, many[i].average_precision);
  }
}

TEST(RankLeaveOneOut, OwnGroupCanBeLeftOut) {
  const std::vector<Photo> photos = {
      {"a", "monday", 0}, {"a", "monday", 1}, {"b", "monday", 5}, {"a", "friday", 40}};
  EXPECT_EQ(rank(photos, false)[0].rank, 1U);
  const std::vector<QueryRanking> strict = rank(photos, true);
  ASSERT_EQ(strict.size(), 3U);
  EXPECT_EQ(strict[0].rank, 2U) << "its copy of Monday does not count, b of Monday does";
  EXPECT_NEAR(strict[0].average_precision, 0.5, 1e-12);
  EXPECT_EQ(rank({{"a", "monday", 0}, {"a", "monday", 1}}, true).size(), 0U);
}

TEST(RankLeaveOneOut, StrangersAreIndividualsThatNeverAsk) {
  const std::vector<QueryRanking> rankings =
      rank({{"a", "", 0}, {"", "", 1}, {"", "", 2}, {"a", "", 3}}, false);
  ASSERT_EQ(rankings.size(), 2U);
  EXPECT_EQ(rankings[0].rank, 3U) << "two strangers are two individuals";
}

TEST(RankLeaveOneOut, EqualEmbeddingsEarnNothing) {
  const std::vector<QueryRanking> rankings =
      rank({{"a", "", 0}, {"a", "", 0}, {"b", "", 0}, {"b", "", 0}}, false);
  for (const QueryRanking& ranking : rankings) {
    EXPECT_EQ(ranking.rank, 2U);
    EXPECT_NEAR(ranking.average_precision, 1.0 / 3, 1e-12);
  }
}

TEST(RankLeaveOneOut, RefusesAMatrixOfAnotherSize) {
  const std::vector<GalleryEntry> entries(3);
  EXPECT_THROW(rank_leave_one_out(std::vector<float>(5), 2, entries, false), Error);
}

TEST(SummarizeRankings, MeansAreOverQueries) {
  const std::vector<QueryRanking> rankings = {{0, 1, 1.0}, {1, 5, 0.5}, {2, 6, 0.1}, {3, 1, 0.8}};
  const std::vector<std::string> individuals = {"a", "a", "b", "b"};
  const RankingMetrics metrics = summarize_rankings(rankings, individuals, 200, 1);
  EXPECT_EQ(metrics.num_queries, 4U);
  EXPECT_EQ(metrics.num_individuals, 2U);
  EXPECT_DOUBLE_EQ(metrics.rank_1.value, 0.5);
  EXPECT_DOUBLE_EQ(metrics.rank_5.value, 0.75);
  EXPECT_DOUBLE_EQ(metrics.mean_average_precision.value, 0.6);
  // Two individuals with rank 5 of 1 and 0.5: a quarter of the replicates each draws one alone.
  EXPECT_DOUBLE_EQ(metrics.rank_5.low, 0.5);
  EXPECT_DOUBLE_EQ(metrics.rank_5.high, 1.0);
  EXPECT_DOUBLE_EQ(metrics.rank_1.low, 0.5);
  EXPECT_DOUBLE_EQ(metrics.rank_1.high, 0.5);
}

TEST(SummarizeRankings, IntervalHasTheWidthOfTheBinomial) {
  // 100 individuals with one query each, half of them right: standard error 0.05.
  std::vector<QueryRanking> rankings;
  std::vector<std::string> individuals;
  for (std::size_t i = 0; i < 100; ++i) {
    rankings.push_back({i, i % 2 == 0 ? 1U : 9U, 0.5});
    individuals.push_back(std::to_string(i));
  }
  const RankingMetrics metrics = summarize_rankings(rankings, individuals, 4000, 7);
  EXPECT_NEAR(metrics.rank_1.low, 0.5 - 1.96 * 0.05, 0.015);
  EXPECT_NEAR(metrics.rank_1.high, 0.5 + 1.96 * 0.05, 0.015);
  const RankingMetrics again = summarize_rankings(rankings, individuals, 4000, 7);
  EXPECT_EQ(metrics.rank_1.low, again.rank_1.low);
}

TEST(SummarizeRankings, NoQueryGivesZeros) {
  const RankingMetrics metrics = summarize_rankings({}, {}, 100, 1);
  EXPECT_EQ(metrics.num_queries, 0U);
  EXPECT_EQ(metrics.rank_1.value, 0);
}

}  // namespace
}  // namespace finview
