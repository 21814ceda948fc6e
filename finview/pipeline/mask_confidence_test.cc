#include "finview/pipeline/mask_confidence.h"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace finview::internal {
namespace {

TEST(FitLogistic, FindsTheCurveThatAnswersWereDrawnFrom) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> uniform;
  std::vector<double> values;
  std::vector<int> is_right;
  for (int i = 0; i < 20000; ++i) {
    values.push_back(0.7 + 0.3 * uniform(random));
    is_right.push_back(uniform(random) < 1 / (1 + std::exp(-(25 * values.back() - 22))));
  }
  const LogisticCurve curve = fit_logistic(values, is_right);
  EXPECT_NEAR(curve.slope, 25, 1);
  EXPECT_NEAR(curve.offset, -22, 1);
}

TEST(FitLogistic, StaysFiniteWhereAnswersAreParted) {
  const std::vector<double> values{0.1, 0.2, 0.8, 0.9};
  const std::vector<int> is_right{0, 0, 1, 1};
  const LogisticCurve curve = fit_logistic(values, is_right);
  EXPECT_TRUE(std::isfinite(curve.slope));
  EXPECT_GT(curve.slope * 0.8 + curve.offset, 2);
  EXPECT_LT(curve.slope * 0.2 + curve.offset, -2);
  EXPECT_EQ(fit_logistic({}, {}).slope, 0);
}

}  // namespace
}  // namespace finview::internal
