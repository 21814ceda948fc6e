#include "finview/base/error.h"
#include "finview/vectors/scores.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace finview {
namespace {

using Counts = std::vector<double>;

/// How many rows each pair of labels shares.
struct Contingency {
  std::vector<double> cells;  ///< the pairs that occur
  std::vector<std::pair<std::size_t, std::size_t>> labels;
  Counts truth;
  Counts found;
  double num_rows = 0;
};

Contingency contingency_of(std::span<const std::int32_t> truth,
                           std::span<const std::int32_t> found) {
  std::map<std::int32_t, std::size_t> truth_numbers;
  std::map<std::int32_t, std::size_t> found_numbers;
  std::map<std::pair<std::size_t, std::size_t>, double> cells;
  Contingency table;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const std::size_t t = truth_numbers.try_emplace(truth[i], truth_numbers.size()).first->second;
    const std::size_t f = found_numbers.try_emplace(found[i], found_numbers.size()).first->second;
    table.truth.resize(truth_numbers.size());
    table.found.resize(found_numbers.size());
    ++table.truth[t];
    ++table.found[f];
    ++cells[{t, f}];
  }
  for (const auto& [labels, count] : cells) {
    table.labels.push_back(labels);
    table.cells.push_back(count);
  }
  table.num_rows = static_cast<double>(truth.size());
  return table;
}

double pairs(double count) { return count * (count - 1) / 2; }

double sum_of_pairs(const Counts& counts) {
  double sum = 0;
  for (const double count : counts) sum += pairs(count);
  return sum;
}

double adjusted_rand(const Contingency& table) {
  const double truth = sum_of_pairs(table.truth);
  const double found = sum_of_pairs(table.found);
  const double all = pairs(table.num_rows);
  const double expected = all == 0 ? 0 : truth * found / all;
  const double largest = (truth + found) / 2;
  return largest == expected ? 1 : (sum_of_pairs(table.cells) - expected) / (largest - expected);
}

double entropy(const Counts& counts, double num_rows) {
  double sum = 0;
  for (const double count : counts) sum -= count / num_rows * std::log(count / num_rows);
  return sum;
}

double mutual_info(const Contingency& table) {
  double sum = 0;
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    const double independent =
        table.truth[table.labels[i].first] * table.found[table.labels[i].second] / table.num_rows;
    sum += table.cells[i] / table.num_rows * std::log(table.cells[i] / independent);
  }
  return std::max(0.0, sum);
}

/// Mean mutual information of random labellings with the same counts (hypergeometric).
double expected_mutual_info(const Contingency& table) {
  const double n = table.num_rows;
  std::map<std::pair<double, double>, double> pairs_of_counts;
  for (const double a : table.truth) {
    for (const double b : table.found) ++pairs_of_counts[{a, b}];
  }
  double sum = 0;
  for (const auto& [counts, how_often] : pairs_of_counts) {
    const auto [a, b] = counts;
    const double fixed = std::lgamma(a + 1) + std::lgamma(b + 1) + std::lgamma(n - a + 1) +
                         std::lgamma(n - b + 1) - std::lgamma(n + 1);
    for (double shared = std::max(1.0, a + b - n); shared <= std::min(a, b); ++shared) {
      const double chance =
          std::exp(fixed - std::lgamma(shared + 1) - std::lgamma(a - shared + 1) -
                   std::lgamma(b - shared + 1) - std::lgamma(n - a - b + shared + 1));
      sum += how_often * shared / n * std::log(n * shared / (a * b)) * chance;
    }
  }
  return sum;
}

}  // namespace

Agreement compare_labels(std::span<const std::int32_t> truth, std::span<const std::int32_t> found) {
  if (truth.size() != found.size()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} labels were to be compared with {}; there must be one of each for "
                            "every row.",
                            truth.size(),
                            found.size()));
  }
  if (truth.empty()) return {1, 1, 1, 1, 1};
  const Contingency table = contingency_of(truth, found);
  Agreement agreement;
  agreement.adjusted_rand = adjusted_rand(table);
  const double truth_entropy = entropy(table.truth, table.num_rows);
  const double found_entropy = entropy(table.found, table.num_rows);
  const double mutual = mutual_info(table);
  agreement.homogeneity = truth_entropy == 0 ? 1 : mutual / truth_entropy;
  agreement.completeness = found_entropy == 0 ? 1 : mutual / found_entropy;
  const double sum = agreement.homogeneity + agreement.completeness;
  agreement.v_measure = sum == 0 ? 0 : 2 * agreement.homogeneity * agreement.completeness / sum;
  const bool both_single = table.truth.size() == 1 && table.found.size() == 1;
  const bool both_apart = static_cast<double>(table.truth.size()) == table.num_rows &&
                          static_cast<double>(table.found.size()) == table.num_rows;
  if (both_single || both_apart) {
    agreement.adjusted_mutual_info = 1;
    return agreement;
  }
  const double expected = expected_mutual_info(table);
  const double largest = (truth_entropy + found_entropy) / 2;
  agreement.adjusted_mutual_info = (mutual - expected) / (largest - expected);
  return agreement;
}

}  // namespace finview
