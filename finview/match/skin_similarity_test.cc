#include "finview/match/skin_similarity.h"

#include "finview/outline/fin_marks.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace finview {
namespace {

constexpr int kSide = FinMarks::kSkinSide;
using Skin = std::vector<std::int8_t>;

/// Smooth noise on a triangle, all of it shifted.
Skin skin(std::uint64_t seed, int dx = 0, int dy = 0) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> phase(0, 2 * M_PI);
  std::uniform_real_distribution<double> frequency(-0.9, 0.9);
  double waves[12][3];
  for (auto& wave : waves) {
    for (int i = 0; i < 2; ++i) wave[i] = frequency(random);
    wave[2] = phase(random);
  }
  Skin result(std::size_t{kSide} * kSide, FinMarks::kNoSkin);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      if (y - dy < 20 || y - dy > 80 || x - dx < 20 || x - dx > y - dy) continue;
      double value = 0;
      for (const auto& wave : waves) {
        value += std::cos(wave[0] * (x - dx) + wave[1] * (y - dy) + wave[2]);
      }
      result[static_cast<std::size_t>(y * kSide + x)] =
          static_cast<std::int8_t>(std::lround(12 * value / std::sqrt(6)));
    }
  }
  return result;
}

TEST(SkinMatcherTest, KnowsASkinThatLiesElsewhere) {
  const Skin one = skin(1);
  const SkinMatcher matcher(one);
  EXPECT_NEAR(matcher.similarity(one), 1, 1e-9);
  EXPECT_NEAR(matcher.similarity(skin(1, 3, -5)), 1, 0.02);
  EXPECT_NEAR(matcher.similarity(skin(1, 8, 8)), 1, 0.02);
}

TEST(SkinMatcherTest, OtherSkinIsNotAlike) {
  const SkinMatcher matcher(skin(1));
  for (std::uint64_t seed = 2; seed < 12; ++seed) {
    EXPECT_LT(matcher.similarity(skin(seed)), 0.4) << seed;
  }
}

TEST(SkinMatcherTest, TheSameFromBothSides) {
  const Skin a = skin(1);
  const Skin b = skin(2, 4, 1);
  EXPECT_NEAR(SkinMatcher(a).similarity(b), SkinMatcher(b).similarity(a), 0.05);
}

TEST(SkinMatcherTest, WithoutSkinItSaysNothing) {
  const Skin none(std::size_t{kSide} * kSide, FinMarks::kNoSkin);
  EXPECT_EQ(SkinMatcher(skin(1)).similarity(none), 0);
  EXPECT_EQ(SkinMatcher(none).similarity(skin(1)), 0);
  EXPECT_EQ(SkinMatcher({}).similarity(skin(1)), 0);
  EXPECT_EQ(SkinMatcher(skin(1)).similarity({}), 0);
}

}  // namespace
}  // namespace finview
