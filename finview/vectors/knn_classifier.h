#pragma once

#include "finview/vectors/matrix.h"
#include "finview/vectors/neighbors.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace finview {

/// How much a neighbor's vote counts. kDistance: 1 / distance; exact copies outvote all others.
enum class VoteWeight { kUniform, kDistance };

/// Gives a row the class most of its nearest known rows have.
///
/// Source: Cover & Hart, "Nearest Neighbor Pattern Classification", 1967; Dudani, "The
/// Distance-Weighted k-Nearest-Neighbor Rule", 1976. Checked against scikit-learn 1.2 in
/// knn_classifier_test.cc.
class KnnClassifier {
 public:
  /// @param labels  of each row, 0 … num_classes - 1
  /// Throws Error{kBadInput} for another number of labels, a negative one, and as
  /// `NeighborSearcher::create` does.
  KnnClassifier(MatrixView<double> rows,
                std::span<const std::int32_t> labels,
                Metric metric,
                int num_threads);

  std::size_t num_classes() const { return num_classes_; }

  /// Each query's share of votes for each class: num_queries x num_classes, rows sum to 1.
  /// Throws as `NeighborSearcher::of_queries` does.
  std::vector<double> probabilities(MatrixView<double> queries,
                                    std::size_t k,
                                    VoteWeight weight) const;

 private:
  std::vector<std::int32_t> labels_;
  std::size_t num_classes_ = 0;
  std::unique_ptr<NeighborSearcher<double>> searcher_;
};

/// The class with the largest share in each row of `probabilities`; the lowest of equal ones.
std::vector<std::int32_t> likeliest_classes(std::span<const double> probabilities,
                                            std::size_t num_classes);

}  // namespace finview
