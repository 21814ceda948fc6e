#include "finview/match/identification_report.h"

#include "finview/base/error.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace finview {
namespace {

/// Entries on a line; the nearer two are the more alike they are.
struct Line {
  std::vector<double> places;
  std::vector<GalleryEntry> entries;

  double similarity(std::size_t a, std::size_t b) const {
    return 1 - std::abs(places[a] - places[b]);
  }
  IdentificationReport report(bool exclude_own_group = true) const {
    return report_identification([this](std::size_t a, std::size_t b) { return similarity(a, b); },
                                 entries,
                                 exclude_own_group,
                                 1,
                                 2);
  }
};

/// Two photos each of a and b, near their own kind, a third of b beside a; a stranger far away.
Line small() {
  return {{0, 0.01, 0.5, 0.523, 0.03, 0.9},
          {{"a", ""}, {"a", ""}, {"b", ""}, {"b", ""}, {"b", ""}, {"", ""}}};
}

TEST(IdentificationReport, CountsByHand) {
  const IdentificationReport report = small().report();
  EXPECT_EQ(report.num_entries, 6U);
  EXPECT_EQ(report.num_strangers, 1U);
  EXPECT_EQ(report.closed.num_queries, 5U);
  EXPECT_EQ(report.closed.num_individuals, 2U);
  // Only b's photo beside a goes wrong: a comes first, b second.
  EXPECT_NEAR(report.closed.rank_1.value, 0.8, 1e-9);
  EXPECT_NEAR(report.closed.mean_reciprocal_rank.value, (4 + 0.5) / 5, 1e-9);
  EXPECT_NEAR(report.rank_1_by_individual, (1 + 2.0 / 3) / 2, 1e-9);
  ASSERT_GE(report.cumulative.size(), 2U);
  EXPECT_NEAR(report.cumulative[0], 0.8, 1e-9);
  EXPECT_NEAR(report.cumulative[1], 1, 1e-9);
  ASSERT_EQ(report.mistakes.size(), 1U);
  EXPECT_EQ(report.mistakes[0].query, 4U);
  EXPECT_EQ(report.mistakes[0].taken_for, 1U);
  EXPECT_EQ(report.mistakes[0].best_own, 2U);
  ASSERT_EQ(report.individuals.size(), 2U);
  EXPECT_EQ(report.individuals[0].individual, "b") << "the worst first";
}

TEST(IdentificationReport, PhotosOfTheGalleryAreFoundAndDoNotAsk) {
  Line line = small();
  for (const std::size_t learned : {1, 2, 3, 5}) line.entries[learned].asks = false;
  const IdentificationReport report = line.report();
  // a's photo finds its own kind, b's beside a finds a first; the stranger does not ask.
  EXPECT_EQ(report.num_entries, 6U);
  EXPECT_EQ(report.num_strangers, 0U);
  EXPECT_EQ(report.closed.num_queries, 2U);
  EXPECT_NEAR(report.closed.rank_1.value, 0.5, 1e-9);
  ASSERT_EQ(report.mistakes.size(), 1U);
  EXPECT_EQ(report.mistakes[0].taken_for, 1U);
  EXPECT_EQ(report.num_unknown_searches, 2U);
  // Pairs with one that asks: 0-1, 4-2, 4-3 of one individual; 0-2, 0-3, 0-4, 0-5, 4-1, 4-5.
  EXPECT_EQ(report.num_same_pairs, 3U);
  EXPECT_EQ(report.num_other_pairs, 6U);

  for (GalleryEntry& entry : line.entries) entry.asks = false;
  EXPECT_THROW(line.report(), Error);
}

TEST(IdentificationReport, PairsAreThoseOfBruteForce) {
  const Line line = small();
  const IdentificationReport report = line.report();
  EXPECT_EQ(report.num_same_pairs, 1U + 3U);
  EXPECT_EQ(report.num_other_pairs, 6U + 5U);
  double wins = 0;
  std::vector<double> others;
  for (std::size_t a = 0; a < 6; ++a) {
    for (std::size_t b = a + 1; b < 6; ++b) {
      if (line.entries[a].individual != line.entries[b].individual) {
        others.push_back(line.similarity(a, b));
      }
    }
  }
  for (std::size_t a = 0; a < 5; ++a) {
    for (std::size_t b = a + 1; b < 5; ++b) {
      if (line.entries[a].individual != line.entries[b].individual) continue;
      for (double other : others) wins += line.similarity(a, b) > other ? 1 : 0;
    }
  }
  EXPECT_NEAR(report.pair_auroc, wins / (4.0 * 11), 1e-9);
  EXPECT_NEAR(report.pair_curve.front().false_rate, 0, 1e-9);
  EXPECT_NEAR(report.pair_curve.back().true_rate, 1, 1e-9);
}

TEST(IdentificationReport, RandomSimilaritiesAreChance) {
  std::mt19937_64 random(3);
  std::vector<GalleryEntry> entries;
  for (int who = 0; who < 25; ++who) {
    for (int i = 0; i < 8; ++i) entries.push_back({"i" + std::to_string(who), ""});
  }
  std::vector<double> table(entries.size() * entries.size());
  for (double& value : table) value = std::uniform_real_distribution<double>(-1, 1)(random);
  const IdentificationReport report = report_identification(
      [&](std::size_t a, std::size_t b) { return table[a * entries.size() + b]; },
      entries,
      true,
      1,
      1);
  EXPECT_NEAR(report.closed.rank_1.value, 7.0 / 199, 0.035);
  EXPECT_NEAR(report.pair_auroc, 0.5, 0.03);
  EXPECT_NEAR(report.open_auroc.value, 0.5, 0.06);
  ASSERT_EQ(report.true_accept_at_false.size(), 3U);
  EXPECT_NEAR(report.true_accept_at_false[0].true_rate, 0.1, 0.03);
  ASSERT_EQ(report.identified_at_false.size(), 3U);
  EXPECT_LT(report.identified_at_false[1].true_rate, 0.05);
  EXPECT_LE(report.open_auroc.low, report.open_auroc.value);
  EXPECT_GE(report.open_auroc.high, report.open_auroc.value);
}

TEST(IdentificationReport, AVoteHelpsWhereOneNeighborMisleads) {
  // Each of a's photos lies beside one of b's, but among many of a's.
  Line line;
  for (int i = 0; i < 6; ++i) {
    line.places.push_back(0.1 * i);
    line.entries.push_back({"a", ""});
  }
  line.places.push_back(0.301);
  line.entries.push_back({"b", ""});
  line.places.push_back(0.8);
  line.entries.push_back({"b", ""});
  const IdentificationReport report = line.report();
  EXPECT_GT(report.vote_rank_1, 6.0 / 8 - 1e-9);
  EXPECT_GT(report.vote_k, 1U);
}

TEST(IdentificationReport, PhotosOfOneEncounterFindEachOtherOnlyIfAsked) {
  Line line = small();
  for (std::size_t i = 0; i < 2; ++i) line.entries[i].group = "morning";
  EXPECT_EQ(line.report().closed.num_queries, 3U) << "a has only one encounter";
  EXPECT_EQ(line.report(false).closed.num_queries, 5U);
  Line nothing{{0, 1}, {{"a", ""}, {"b", ""}}};
  EXPECT_THROW(nothing.report(), Error);
}

TEST(IdentificationReport, TheThresholdKeepsItsPromise) {
  // 40 individuals with two photos; a tenth of the unknown searches may be answered.
  std::mt19937_64 random(5);
  std::normal_distribution<double> noise(0, 0.02);
  Line line;
  for (int who = 0; who < 40; ++who) {
    const double place = std::uniform_real_distribution<double>(0, 5)(random);
    for (int i = 0; i < 2; ++i) {
      line.places.push_back(place + noise(random));
      line.entries.push_back({"i" + std::to_string(who), ""});
    }
  }
  const IdentificationReport report = line.report();
  EXPECT_EQ(report.num_unknown_searches, 80U);
  EXPECT_LE(report.identified_at_false[2].true_rate, report.identified_at_false[1].true_rate);
  EXPECT_LE(report.identified_at_false[1].true_rate, report.identified_at_false[0].true_rate);
  EXPECT_LE(report.identified_at_false[0].true_rate, report.closed.rank_1.value);
  EXPECT_GT(report.open_auroc.value, 0.5);
}

}  // namespace
}  // namespace finview
