#include "finview/outline/min_cut.h"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace finview {
namespace {

constexpr int kNumVertices = 9;

/// What the parting costs whose second side is given bit by bit.
double cost(const std::vector<double>& preferences,
            const std::vector<MinCut::Pair>& pairs,
            unsigned second) {
  double sum = 0;
  for (int i = 0; i < kNumVertices; ++i) {
    const bool is_second = (second >> i & 1U) != 0;
    sum += std::max(0.0, is_second ? preferences[i] : -preferences[i]);
  }
  for (const MinCut::Pair& pair : pairs) {
    if ((second >> pair.a & 1U) != (second >> pair.b & 1U)) sum += pair.weight;
  }
  return sum;
}

double least_cost(const std::vector<double>& preferences, const std::vector<MinCut::Pair>& pairs) {
  double least = 1e18;
  for (unsigned second = 0; second < 1U << kNumVertices; ++second) {
    least = std::min(least, cost(preferences, pairs, second));
  }
  return least;
}

double found_cost(const std::vector<double>& preferences,
                  const std::vector<MinCut::Pair>& pairs,
                  const MinCut& cut) {
  unsigned second = 0;
  for (int i = 0; i < kNumVertices; ++i) second |= cut.is_first(i) ? 0U : 1U << i;
  return cost(preferences, pairs, second);
}

TEST(MinCut, CostsLeastAlsoAfterPreferencesChanged) {
  std::mt19937 random(7);
  const auto draw = [&](int most) { return static_cast<int>(random() % (most + 1)); };
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<MinCut::Pair> pairs;
    for (int a = 0; a < kNumVertices; ++a) {
      for (int b = a + 1; b < kNumVertices; ++b) {
        if (draw(2) == 0) pairs.push_back({a, b, static_cast<float>(draw(6))});
      }
    }
    MinCut cut(kNumVertices, pairs);
    std::vector<double> preferences(kNumVertices, 0);
    for (int round = 0; round < 3; ++round) {
      for (int i = 0; i < kNumVertices; ++i) {
        const double more = draw(16) - 8;
        cut.prefer(i, more);
        preferences[i] += more;
      }
      cut.solve();
      EXPECT_EQ(found_cost(preferences, pairs, cut), least_cost(preferences, pairs)) << trial;
    }
  }
}

TEST(MinCut, FollowsPreferencesWithoutPairs) {
  MinCut cut(3, {});
  cut.prefer(0, 2);
  cut.prefer(2, -1);
  cut.solve();
  EXPECT_TRUE(cut.is_first(0));
  EXPECT_FALSE(cut.is_first(2));
}

}  // namespace
}  // namespace finview
