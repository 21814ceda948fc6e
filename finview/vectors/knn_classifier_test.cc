#include "finview/vectors/knn_classifier.h"

#include "finview/base/error.h"
#include "finview/vectors/reference_testing.h"

#include <gtest/gtest.h>

namespace finview {
namespace {

using test::points;
using test::reference;

/// Every fifth row asks the others.
struct Split {
  explicit Split(const test::Points& set) : num_dims(set.num_dims) {
    for (std::size_t i = 0; i < set.size(); ++i) {
      const bool asks = i % 5 == 0;
      auto& values = asks ? queries : known;
      const auto row = set.view().row(i);
      values.insert(values.end(), row.begin(), row.end());
      (asks ? query_labels : known_labels).push_back(set.labels[i]);
    }
  }
  std::size_t num_dims;
  std::vector<double> known;
  std::vector<double> queries;
  std::vector<std::int32_t> known_labels;
  std::vector<std::int32_t> query_labels;
};

TEST(KnnClassifier, IsTheReference) {
  for (const auto& row : reference("sklearn/knn").rows) {
    const Split split(points(row[0]));
    const std::size_t k = std::stoul(row[1]);
    const KnnClassifier classifier(
        {split.known, split.num_dims}, split.known_labels, Metric::kEuclidean, 2);
    const std::vector<double> found = classifier.probabilities(
        {split.queries, split.num_dims},
        k,
        row[2] == "uniform" ? VoteWeight::kUniform : VoteWeight::kDistance);
    const auto classes = likeliest_classes(found, classifier.num_classes());
    double num_right = 0;
    for (std::size_t i = 0; i < classes.size(); ++i) {
      num_right += classes[i] == split.query_labels[i] ? 1 : 0;
    }
    const std::string where = row[0] + "_" + row[1] + "_" + row[2];
    EXPECT_NEAR(num_right / static_cast<double>(classes.size()), std::stod(row[3]), 1e-6) << where;
    if (row[0] != "varied" && row[0] != "blobs64") continue;
    const CsvTable table = reference("sklearn/knn_" + where);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      for (std::size_t c = 0; c < table.header.size(); ++c) {
        ASSERT_NEAR(found[i * classifier.num_classes() + c], std::stod(table.rows[i][c]), 1e-6)
            << where << " row " << i;
      }
    }
  }
}

TEST(KnnClassifier, CopiesOutvoteAndBadLabelsAreRefused) {
  const std::vector<double> rows{0, 1, 1, 2};
  const KnnClassifier classifier(
      {rows, 1}, std::vector<std::int32_t>{0, 1, 2, 0}, Metric::kEuclidean, 1);
  const std::vector<double> found =
      classifier.probabilities({std::vector<double>{1}, 1}, 4, VoteWeight::kDistance);
  EXPECT_EQ(found, (std::vector<double>{0, 0.5, 0.5}));
  EXPECT_EQ(likeliest_classes(found, 3), std::vector<std::int32_t>{1});
  EXPECT_THROW(KnnClassifier({rows, 1}, std::vector<std::int32_t>{0, 1}, Metric::kEuclidean, 1),
               Error);
  EXPECT_THROW(
      KnnClassifier({rows, 1}, std::vector<std::int32_t>{0, 1, -1, 0}, Metric::kEuclidean, 1),
      Error);
  EXPECT_THROW(classifier.probabilities({std::vector<double>{1}, 1}, 5, VoteWeight::kUniform),
               Error);
}

}  // namespace
}  // namespace finview
