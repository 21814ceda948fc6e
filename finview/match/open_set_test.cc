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

}  // namespace
}  // namespace finview
