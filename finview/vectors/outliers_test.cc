#include "finview/vectors/outliers.h"

#include "finview/base/error.h"
#include "finview/vectors/reference_testing.h"

#include <gtest/gtest.h>

namespace finview {
namespace {

using test::numbers;
using test::points;
using test::reference;

TEST(LocalOutliers, AreTheReferences) {
  for (const std::string set : {"blobs", "moons", "blobs64", "duplicates"}) {
    const CsvTable outlier = reference("sklearn/lof_" + set);
    const CsvTable novelty = reference("sklearn/lof_" + set + "_novelty");
    const test::Points queries = test::points_of(reference("sklearn/lof_" + set + "_new"));
    for (const std::size_t k : {5U, 20U, 35U}) {
      const LocalOutliers outliers(points(set).view(), Metric::kEuclidean, k, 2);
      const std::string column = "k" + std::to_string(k);
      const std::vector<double> expected = numbers(outlier, column);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        // Factors of rows among many copies reach 1e9; which of equally far neighbors count
        // differs.
        if (set == "duplicates" && -expected[i] > 100) continue;
        ASSERT_NEAR(outliers.factors()[i], -expected[i], 1e-6) << set << " " << k << " row " << i;
      }
      const std::vector<double> expected_new = numbers(novelty, column);
      const std::vector<double> found = outliers.factors_of_new(queries.view());
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (set == "duplicates" && -expected_new[i] > 100) continue;
        ASSERT_NEAR(found[i], -expected_new[i], 1e-6) << set << " " << k << " query " << i;
      }
    }
  }
}

TEST(LocalOutliers, FewAndEqualRows) {
  EXPECT_EQ(LocalOutliers({std::vector<double>{3}, 1}, Metric::kEuclidean, 5, 1).factors(),
            std::vector<double>{1});
  const LocalOutliers two({std::vector<double>{3, 4}, 1}, Metric::kEuclidean, 5, 1);
  EXPECT_DOUBLE_EQ(two.factors()[0], 1);
  const LocalOutliers equal({std::vector<double>(30, 7), 1}, Metric::kEuclidean, 5, 2);
  for (const double factor : equal.factors()) EXPECT_DOUBLE_EQ(factor, 1);
  EXPECT_THROW(LocalOutliers({std::vector<double>{3, 4}, 1}, Metric::kEuclidean, 0, 1), Error);
}

TEST(LocalOutliers, AStrangerStandsOut) {
  const test::Points set = points("blobs64");
  const LocalOutliers outliers(set.view(), Metric::kEuclidean, 20, 2);
  const std::vector<double> stranger(64, 8.0);
  EXPECT_GT(outliers.factors_of_new({stranger, 64})[0], 3);
  EXPECT_LT(outliers.factors_of_new(
                {std::vector<double>(set.values.begin(), set.values.begin() + 64), 64})[0],
            1.2);
}

}  // namespace
}  // namespace finview
