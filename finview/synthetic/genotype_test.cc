#include "finview/synthetic/genotype.h"

#include "finview/base/error.h"
#include "finview/synthetic/skin.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/core.hpp>

namespace finview::synthetic {
namespace {

double length_of(const EdgeCurve& edge, std::size_t first, std::size_t last) {
  double sum = 0;
  for (std::size_t i = first + 1; i <= last; ++i)
    sum += cv::norm(edge.points[i] - edge.points[i - 1]);
  return sum;
}

TEST(Genotype, SameSeedSameAnimalOtherSeedOtherAnimal) {
  const EdgeCurve one = edge_curve(make_genotype(Species::kBottlenose, 7));
  const EdgeCurve again = edge_curve(make_genotype(Species::kBottlenose, 7));
  const EdgeCurve other = edge_curve(make_genotype(Species::kBottlenose, 8));
  EXPECT_EQ(one.points, again.points);
  EXPECT_NE(one.points, other.points);
}

TEST(Genotype, NotchesFollowThePublishedStatistics) {
  double sum = 0;
  int num_inward = 0;
  int num_notches = 0;
  constexpr int kNumAnimals = 1000;
  for (int i = 0; i < kNumAnimals; ++i) {
    const Genotype genotype = make_genotype(Species::kBottlenose, static_cast<std::uint64_t>(i));
    sum += static_cast<double>(genotype.notches.size());
    for (const Notch& notch : genotype.notches) {
      EXPECT_GE(notch.width, .008);
      EXPECT_LE(notch.width, .07);
      EXPECT_LE(std::abs(notch.depth), 1.1 * notch.width);
      num_inward += notch.depth > 0;
      ++num_notches;
    }
  }
  EXPECT_NEAR(sum / kNumAnimals, 5, .35);  // Poisson(5): standard error .07
  EXPECT_NEAR(static_cast<double>(num_inward) / num_notches, .75, .04);
}

TEST(Genotype, SomeAreTattered) {
  int num_tattered = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Genotype genotype = make_genotype(Species::kBottlenose, seed);
    if (genotype.tatters.empty()) continue;
    ++num_tattered;
    EXPECT_GE(genotype.tatters.size(), 3U);
    const auto deepest = [](const std::vector<double>& depths) {
      return *std::max_element(depths.begin(), depths.end());
    };
    genotype.notches.clear();
    const double with = deepest(trailing_depths(genotype, 2000));
    genotype.tatters.clear();
    EXPECT_GT(with, deepest(trailing_depths(genotype, 2000))) << seed;
  }
  EXPECT_NEAR(num_tattered, 60, 30);
}

TEST(Genotype, SidesShareTheEdgeButNotTheScars) {
  Genotype genotype = make_genotype(Species::kRissos, 3);
  ASSERT_FALSE(genotype.scars[0].empty());
  ASSERT_FALSE(genotype.scars[1].empty());
  const EdgeCurve edge = edge_curve(genotype);
  const FinTexture left = draw_fin_texture(genotype, edge, Side::kLeft, 200);
  const FinTexture right = draw_fin_texture(genotype, edge, Side::kRight, 200);
  EXPECT_EQ(cv::norm(left.alpha, right.alpha, cv::NORM_INF), 0);
  EXPECT_GT(cv::norm(left.reflectance, right.reflectance, cv::NORM_INF), .02);
}

TEST(Genotype, AgingKeepsWhatHappenedBefore) {
  const Genotype young = make_genotype(Species::kBottlenose, 21);
  EXPECT_EQ(edge_curve(aged(young, 0)).points, edge_curve(young).points);
  std::size_t num_before = young.notches.size();
  bool changed = false;
  for (int years = 1; years <= 30; ++years) {
    const Genotype older = aged(young, years);
    ASSERT_GE(older.notches.size(), num_before);
    for (std::size_t i = 0; i < young.notches.size(); ++i) {
      EXPECT_EQ(older.notches[i].position, young.notches[i].position);
    }
    changed = changed || older.notches.size() > num_before;
    num_before = older.notches.size();
  }
  EXPECT_TRUE(changed);
  ASSERT_FALSE(young.scars[0].empty());
  EXPECT_LT(std::abs(aged(young, 5).scars[0][0].contrast), std::abs(young.scars[0][0].contrast));
}

TEST(EdgeCurve, StandsOnItsBaseWithTheTipOnTop) {
  for (int i = 0; i < static_cast<int>(species_names().size()); ++i) {
    Genotype genotype = make_genotype(static_cast<Species>(i), 5);
    genotype.tip_cut = 1;
    const EdgeCurve edge = edge_curve(genotype);
    ASSERT_LT(edge.tip_index, edge.points.size());
    EXPECT_NEAR(edge.points[edge.tip_index].y, 1, .05)
        << species_names()[static_cast<std::size_t>(i)];
    EXPECT_LT(edge.points.front().y, .01);
    EXPECT_LT(edge.points.back().y, .01);
    EXPECT_GT(edge.points.front().x, edge.points.back().x);
  }
}

TEST(EdgeCurve, ANotchRemovesArea) {
  Genotype genotype = make_genotype(Species::kBottlenose, 11);
  genotype.notches.clear();
  genotype.roughness = 0;
  const EdgeCurve whole = edge_curve(genotype);
  Notch notch;
  notch.position = .5;
  notch.width = .07;
  notch.depth = .07;
  genotype.notches = {notch};
  const EdgeCurve cut = edge_curve(genotype);
  const std::size_t last = whole.points.size() - 1;
  const double edge_length = length_of(whole, whole.tip_index, last);
  const double whole_sum =
      cv::countNonZero(draw_fin_texture(genotype, whole, Side::kLeft, 400).alpha > .5);
  const double cut_sum =
      cv::countNonZero(draw_fin_texture(genotype, cut, Side::kLeft, 400).alpha > .5);
  // A triangle of that width and depth.
  const double expected = .5 * std::pow(.07 * edge_length * 400, 2);
  EXPECT_NEAR(whole_sum - cut_sum, expected, .2 * expected);
}

TEST(Species, UnknownNameListsTheKnownOnes) {
  try {
    parse_species("unicorn");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadOptions);
    EXPECT_THAT(error.what(), testing::HasSubstr("hectors"));
  }
}

}  // namespace
}  // namespace finview::synthetic
