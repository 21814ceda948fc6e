#include "finview/vectors/scores.h"

#include "finview/base/error.h"
#include "finview/vectors/reference_testing.h"

#include <numeric>
#include <sstream>

#include <gtest/gtest.h>

namespace finview {
namespace {

using test::numbers;
using test::points;
using test::reference;

std::vector<std::int32_t> labels_in(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::int32_t> labels;
  for (std::int32_t label = 0; stream >> label;) labels.push_back(label);
  return labels;
}

TEST(Scores, AgreementIsTheReferences) {
  const CsvTable table = reference("sklearn/agreement");
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    const Agreement found = compare_labels(labels_in(row[0]), labels_in(row[1]));
    EXPECT_NEAR(found.adjusted_rand, std::stod(row[2]), 1e-9) << i;
    // Two labellings of singletons: 0 / 0; the reference says 0, we say that they agree.
    const double expected = i + 1 == table.rows.size() ? 1 : std::stod(row[3]);
    EXPECT_NEAR(found.adjusted_mutual_info, expected, 1e-6) << i;
    EXPECT_NEAR(found.v_measure, std::stod(row[4]), 1e-9) << i;
    EXPECT_NEAR(found.homogeneity, std::stod(row[5]), 1e-9) << i;
    EXPECT_NEAR(found.completeness, std::stod(row[6]), 1e-9) << i;
  }
  EXPECT_THROW(compare_labels(std::vector<std::int32_t>{1}, {}), Error);
}

TEST(Scores, SilhouettesAreTheReferences) {
  for (const auto& row : reference("sklearn/silhouette").rows) {
    const test::Points set = points(row[0]);
    const std::vector<double> found = silhouettes(set.view(), set.labels, Metric::kEuclidean, 2);
    const double mean =
        std::accumulate(found.begin(), found.end(), 0.0) / static_cast<double>(found.size());
    EXPECT_NEAR(mean, std::stod(row[1]), 1e-9) << row[0];
    if (row[0] != "varied") continue;
    const auto expected = numbers(reference("sklearn/silhouette_varied"), "silhouette");
    for (std::size_t i = 0; i < found.size(); ++i) ASSERT_NEAR(found[i], expected[i], 1e-9) << i;
  }
  EXPECT_THROW(
      silhouettes(
          {std::vector<double>{1, 2}, 1}, std::vector<std::int32_t>{1, 1}, Metric::kEuclidean, 1),
      Error);
}

TEST(Scores, AMapOfItselfIsFaithfulAndOneOfChanceIsNot) {
  const test::Points set = points("moons");
  const MapFidelity same = map_fidelity(set.view(), Metric::kEuclidean, set.view(), 15, 2);
  EXPECT_EQ(same.trustworthiness, 1);
  EXPECT_EQ(same.preservation, 1);
  std::vector<double> shuffled = set.values;  // rows moved by 181 places: no relation left
  std::rotate(shuffled.begin(), shuffled.begin() + 362, shuffled.end());
  const MapFidelity other = map_fidelity(set.view(), Metric::kEuclidean, {shuffled, 2}, 15, 2);
  EXPECT_LT(other.trustworthiness, 0.75);
  EXPECT_LT(other.preservation, 0.2);
}

/// Five points on a line; the map swaps the second and the fourth. Worked by hand for k = 1.
TEST(Scores, TrustworthinessOfASmallMap) {
  const std::vector<double> rows{0, 1, 2.1, 3.3, 4.6};
  const std::vector<double> map{0, 3.3, 2.1, 1, 4.6};
  // Nearest on the map: 0 -> 3 (rank 3), 1 -> 2 (rank 2), 2 -> 3 (rank 2), 3 -> 0 (rank 3, as 2 and
  // 4 are nearer), 4 -> 1 (rank 3). Excess over k: 2 + 1 + 1 + 3 - 1 + 2.
  const MapFidelity found = map_fidelity({rows, 1}, Metric::kEuclidean, {map, 1}, 1, 1);
  double excess = 0;
  const std::vector<std::pair<int, int>> nearest{{0, 3}, {1, 2}, {2, 3}, {3, 0}, {4, 1}};
  for (const auto& [i, j] : nearest) {
    int rank = 1;
    for (int other = 0; other < 5; ++other) {
      if (other != i && std::abs(rows[other] - rows[i]) < std::abs(rows[j] - rows[i])) ++rank;
    }
    excess += std::max(0, rank - 1);
  }
  EXPECT_NEAR(found.trustworthiness, 1 - 2 * excess / (5.0 * 1 * (10 - 3 - 1)), 1e-12);
  EXPECT_EQ(found.preservation, 0);
}

}  // namespace
}  // namespace finview
