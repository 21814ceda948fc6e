#include "finview/vectors/k_means.h"

#include "finview/base/error.h"
#include "finview/vectors/reference_testing.h"
#include "finview/vectors/scores.h"

#include <gtest/gtest.h>

namespace finview {
namespace {

using test::points;
using test::reference;

std::vector<float> to_float(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

TEST(KMeans, IsAsGoodAsTheReference) {
  for (const auto& row : reference("sklearn/kmeans").rows) {
    const test::Points set = points(row[0]);
    const std::vector<float> values = to_float(set.values);
    KMeansOptions options;
    options.num_clusters = std::stol(row[1]);
    options.num_restarts = 20;
    const KMeansResult best = k_means({values, set.num_dims}, options, 2);
    const double expected = std::stod(row[2]);
    // 20 other starts find another best where there are very many optima.
    const double slack = options.num_clusters > 100 ? 0.02 : 1e-4;
    EXPECT_LE(best.inertia, expected * (1 + slack)) << row[0] << " " << row[1];
    options.num_restarts = 1;
    double sum = 0;
    for (options.seed = 0; options.seed < 10; ++options.seed) {
      sum += k_means({values, set.num_dims}, options, 2).inertia;
    }
    EXPECT_LE(sum / 10, 1.02 * std::stod(row[3])) << row[0] << " " << row[1];
  }
}

TEST(KMeans, InertiaIsThatOfLabelsAndCenters) {
  const test::Points set = points("varied");
  const std::vector<float> values = to_float(set.values);
  KMeansOptions options;
  options.num_clusters = 4;
  const KMeansResult result = k_means({values, 2}, options, 2);
  double sum = 0;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const float* center = result.centers.data() + 2 * result.labels[i];
    for (std::size_t d = 0; d < 2; ++d) {
      sum += (values[2 * i + d] - center[d]) * (values[2 * i + d] - center[d]);
    }
  }
  EXPECT_NEAR(sum, result.inertia, 1e-4 * sum);
  EXPECT_GT(compare_labels(set.labels, result.labels).adjusted_rand, 0.75);
}

TEST(KMeans, ThreadsDoNotMatterAndSeedsDo) {
  const test::Points set = points("embedding186");
  const std::vector<float> values = to_float(set.values);
  KMeansOptions options;
  options.num_clusters = 40;
  options.num_restarts = 1;
  const KMeansResult one = k_means({values, 2}, options, 1);
  const KMeansResult four = k_means({values, 2}, options, 4);
  EXPECT_EQ(one.labels, four.labels);
  EXPECT_EQ(one.centers, four.centers);
  options.seed = 2;
  EXPECT_NE(one.inertia, k_means({values, 2}, options, 1).inertia);
}

TEST(KMeans, EqualRowsAndTooManyClusters) {
  KMeansOptions options;
  options.num_clusters = 3;
  const std::vector<float> equal(10, 4.0F);
  EXPECT_EQ(k_means({equal, 1}, options, 2).inertia, 0);
  options.num_clusters = 11;
  EXPECT_THROW(k_means({equal, 1}, options, 2), Error);
}

}  // namespace
}  // namespace finview
