#include "finview/pipeline/new_fins.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"
#include "finview/vectors/hdbscan_predict.h"
#include "finview/vectors/knn_classifier.h"
#include "finview/vectors/outliers.h"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

namespace finview {
namespace {

/// The known fins that may vote: those of known individuals, numbered by their names.
struct Voters {
  explicit Voters(const FinRows& known) {
    std::map<std::string, std::int32_t> numbers;
    for (const FinRow& row : known.table.rows) {
      if (!row.individual.empty()) numbers[row.individual] = 0;
    }
    for (auto& [name, number] : numbers) {
      number = static_cast<std::int32_t>(names.size());
      names.push_back(name);
    }
    for (std::size_t i = 0; i < known.table.rows.size(); ++i) {
      const auto found = numbers.find(known.table.rows[i].individual);
      if (found == numbers.end()) continue;
      const auto row = known.view().row(i);
      values.insert(values.end(), row.begin(), row.end());
      labels.push_back(found->second);
    }
  }

  std::vector<std::string> names;
  std::vector<double> values;
  std::vector<std::int32_t> labels;
};

void vote(const FinRows& known,
          MatrixView<double> queries,
          Metric metric,
          const NewFinOptions& options,
          JudgedFins& judged) {
  const Voters voters(known);
  if (voters.labels.empty() || queries.num_rows() == 0) return;
  const KnnClassifier classifier(
      {voters.values, known.num_dims}, voters.labels, metric, num_cores());
  const std::size_t k =
      std::min(static_cast<std::size_t>(options.vote_neighbors), voters.labels.size());
  const VoteWeight weight =
      options.vote_weight == "uniform" ? VoteWeight::kUniform : VoteWeight::kDistance;
  const std::vector<double> shares = classifier.probabilities(queries, k, weight);
  const std::vector<std::int32_t> winners = likeliest_classes(shares, classifier.num_classes());
  std::vector<std::string> votes;
  std::vector<double> winning_shares;
  for (std::size_t i = 0; i < winners.size(); ++i) {
    const auto winner = static_cast<std::size_t>(winners[i]);
    votes.push_back(voters.names[winner]);
    winning_shares.push_back(shares[i * classifier.num_classes() + winner]);
    const std::string& truth = judged.rows.table.rows[i].individual;
    if (!std::binary_search(voters.names.begin(), voters.names.end(), truth)) continue;
    ++judged.summary.num_checked;
    judged.summary.num_right += votes.back() == truth ? 1 : 0;
  }
  judged.summary.num_voted = votes.size();
  judged.rows.table.set_extra("vote", votes);
  judged.rows.table.set_extra("vote_share", winning_shares);
}

}  // namespace

std::optional<JudgedFins> judge_new_fins(const FinRows& known,
                                         const HdbscanOptions& hdbscan,
                                         const HdbscanResult& hierarchy,
                                         std::int64_t outlier_neighbors,
                                         const NewFinOptions& options,
                                         const std::string& embedder,
                                         Progress& progress,
                                         const CancelToken& cancel) {
  std::optional<FinRows> rows =
      read_fin_rows(options.path, {options.table, embedder}, progress, cancel);
  if (!rows) return {};
  JudgedFins judged{std::move(*rows), {}};
  judged.summary.num_fins = judged.rows.table.rows.size();
  if (judged.summary.num_fins == 0) return judged;
  if (judged.rows.num_dims != known.num_dims) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} has {} numbers for each fin, those it is to be judged by have {}; "
                            "they must be made alike.",
                            options.path,
                            judged.rows.num_dims,
                            known.num_dims));
  }
  const std::vector<double> known_values = to_double(known.values);
  const MatrixView<double> known_rows(known_values, known.num_dims);
  const std::vector<double> values = to_double(judged.rows.values);
  const MatrixView<double> queries(values, judged.rows.num_dims);
  const Metric metric = metric_from(hdbscan.metric);
  const PredictedLabels predicted =
      HdbscanPredictor(known_rows, hdbscan, hierarchy, num_cores()).predict(queries);
  for (std::size_t i = 0; i < predicted.labels.size(); ++i) {
    FinRow& row = judged.rows.table.rows[i];
    row.label = predicted.labels[i];
    row.probability = predicted.probabilities[i];
    row.outlier = row.label < 0 ? 1 : 0;
    judged.summary.num_noise += row.label < 0 ? 1 : 0;
  }
  const LocalOutliers outliers(
      known_rows, metric, static_cast<std::size_t>(outlier_neighbors), num_cores());
  judged.rows.table.set_extra("lof", outliers.factors_of_new(queries));
  vote(known, queries, metric, options, judged);
  return judged;
}

}  // namespace finview
