#include "finview/match/open_set.h"

#include <gtest/gtest.h>

namespace finview {
namespace {

TEST(Auroc, CountsPairsTiesHalf) {
  const std::vector<double> strangers{0.9, 0.5, 0.2};
  const std::vector<double> known{0.5, 0.1};
  // Pairs above: 0.9 both, 0.5 one and a tie, 0.2 one.
  EXPECT_DOUBLE_EQ(auroc(strangers, known), (2 + 1.5 + 1) / 6);
  EXPECT_DOUBLE_EQ(auroc({}, known), 0.5);
}

TEST(TruePositiveShare, CountsRightAnswersAboveTheStrangers) {
  const std::vector<OpenSetAnswer> known{{3, true}, {3, false}, {1.5, true}, {-1, true}};
  EXPECT_DOUBLE_EQ(true_positive_share(known, {2, 1, 0, -2}, 0), 0.25);
  EXPECT_DOUBLE_EQ(true_positive_share(known, {2, 1, 0, -2}, 0.25), 0.5);
  EXPECT_DOUBLE_EQ(true_positive_share(known, {2, 1, 0, -2}, 1), 0.75);
}

TEST(Reliability, ComparesClaimedWithTrueShares) {
  const std::vector<Claim> claims{
      {0.95, true, 1}, {0.95, true, 1}, {0.95, false, 2}, {0.15, false, 4}};
  const std::vector<ReliabilityBin> bins = reliability(claims);
  ASSERT_EQ(bins.size(), 2U);
  EXPECT_DOUBLE_EQ(bins[0].claimed, 0.15);
  EXPECT_DOUBLE_EQ(bins[0].true_share, 0);
  EXPECT_DOUBLE_EQ(bins[1].true_share, 0.5);
  EXPECT_DOUBLE_EQ(bins[1].weight, 0.5);
  EXPECT_NEAR(calibration_error(bins), 0.5 * 0.15 + 0.5 * 0.45, 1e-12);
}

TEST(Reliability, FewClaimsErrByChance) {
  // Of n claims of 0.5 a share s is true; |s - 0.5| is 0.3989 / sqrt(n) on average and below
  // 1.96 / 2 / sqrt(n) in 95 of 100 cases, nearly (the normal limit of the binomial).
  const ChanceError few =
      calibration_error_by_chance(std::vector<Claim>(100, {0.5, true, 1}), 4000, 1);
  EXPECT_NEAR(few.mean, 0.0399, 0.002);
  EXPECT_NEAR(few.most, 0.098, 0.011);
  const ChanceError many =
      calibration_error_by_chance(std::vector<Claim>(2500, {0.5, false, 3}), 1000, 2);
  EXPECT_NEAR(many.mean, 0.0080, 0.0005);
  // What is sure cannot err.
  EXPECT_EQ(calibration_error_by_chance({{1, false, 1}, {0, true, 1}}, 100, 3).most, 0);
  EXPECT_EQ(calibration_error_by_chance({}, 100, 4).mean, 0);
}

}  // namespace
}  // namespace finview
