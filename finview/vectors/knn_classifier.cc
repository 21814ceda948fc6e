#include "finview/vectors/knn_classifier.h"

#include "finview/base/error.h"

#include <algorithm>

#include <fmt/format.h>

namespace finview {

KnnClassifier::KnnClassifier(MatrixView<double> rows,
                             std::span<const std::int32_t> labels,
                             Metric metric,
                             int num_threads)
    : labels_(labels.begin(), labels.end()),
      searcher_(NeighborSearcher<double>::create(rows, metric, SearchMethod::kExact, num_threads)) {
  if (labels.size() != rows.num_rows()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} rows came with {} classes; there must be one for each.",
                            rows.num_rows(),
                            labels.size()));
  }
  for (const std::int32_t label : labels) {
    if (label < 0) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("A known row has class {}; classes are 0 or more.", label));
    }
    num_classes_ = std::max(num_classes_, static_cast<std::size_t>(label) + 1);
  }
}

std::vector<double> KnnClassifier::probabilities(MatrixView<double> queries,
                                                 std::size_t k,
                                                 VoteWeight weight) const {
  const NeighborTable<double> table = searcher_->of_queries(queries, k);
  std::vector<double> votes(queries.num_rows() * num_classes_, 0);
  for (std::size_t i = 0; i < queries.num_rows(); ++i) {
    const bool has_copy = weight == VoteWeight::kDistance && table.distances_of(i).front() == 0;
    double sum = 0;
    for (std::size_t r = 0; r < k; ++r) {
      const double apart = table.distances_of(i)[r];
      double vote = 1;
      if (has_copy) {
        vote = apart == 0 ? 1 : 0;
      } else if (weight == VoteWeight::kDistance) {
        vote = 1 / apart;
      }
      const std::int32_t label = labels_[table.indices_of(i)[r]];
      votes[i * num_classes_ + static_cast<std::size_t>(label)] += vote;
      sum += vote;
    }
    for (std::size_t c = 0; c < num_classes_; ++c) votes[i * num_classes_ + c] /= sum;
  }
  return votes;
}

std::vector<std::int32_t> likeliest_classes(std::span<const double> probabilities,
                                            std::size_t num_classes) {
  std::vector<std::int32_t> classes;
  for (std::size_t i = 0; i < probabilities.size(); i += num_classes) {
    const auto row = probabilities.subspan(i, num_classes);
    classes.push_back(
        static_cast<std::int32_t>(std::max_element(row.begin(), row.end()) - row.begin()));
  }
  return classes;
}

}  // namespace finview
