#include "finview/vectors/hdbscan.h"

#include "finview/base/error.h"
#include "finview/vectors/hdbscan_predict.h"
#include "finview/vectors/random.h"
#include "finview/vectors/reference_testing.h"
#include "finview/vectors/scores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace finview {
namespace {

using test::numbers;
using test::points;
using test::reference;

HdbscanOptions options_of(std::int64_t min_cluster_size,
                          std::int64_t min_samples,
                          const std::string& selection = "eom") {
  HdbscanOptions options;
  options.min_cluster_size = min_cluster_size;
  options.min_samples = min_samples;
  options.selection = selection;
  return options;
}

/// Clusters of several shapes and sizes, and noise; no two distances equal.
std::vector<double> some_rows(std::uint64_t seed, std::size_t num_rows, std::size_t num_dims) {
  internal::Random random(seed);
  std::vector<double> values;
  for (std::size_t i = 0; i < num_rows; ++i) {
    const std::size_t cluster = random.index(4);
    for (std::size_t d = 0; d < num_dims; ++d) {
      const double center =
          cluster == 3 ? 12 * random.unit() - 2 : 4.0 * static_cast<double>(cluster);
      values.push_back(center + random.normal() * (0.2 + 0.2 * static_cast<double>(cluster)));
    }
  }
  return values;
}

double total_weight(const SpanningTree& tree) {
  double sum = 0;
  for (const SpanningEdge& edge : tree.edges) sum += edge.weight;
  return sum;
}

TEST(Hdbscan, SpanningTreesWeighWhatTheReferenceSays) {
  const CsvTable summary = reference("hdbscan/summary");
  for (const auto& row : summary.rows) {
    const test::Points set = points(row[0]);
    const SpanningTree tree =
        mutual_reachability_tree(set.view(), Metric::kEuclidean, std::stoul(row[2]), 2);
    const double expected = std::stod(row[summary.column("mst_weight")]);
    EXPECT_NEAR(total_weight(tree), expected, 1e-9 * expected) << row[0] << " " << row[2];
  }
}

TEST(Hdbscan, CoreDistancesAreTheReferences) {
  for (const std::string set : {"blobs", "duplicates"}) {
    const CsvTable table = reference("hdbscan/" + set + "_core");
    for (const std::size_t k : {1U, 2U, 5U, 15U}) {
      const SpanningTree tree =
          mutual_reachability_tree(points(set).view(), Metric::kEuclidean, k, 1);
      const std::vector<double> expected = numbers(table, "core_" + std::to_string(k));
      for (std::size_t i = 0; i < expected.size(); ++i) {
        ASSERT_NEAR(tree.core_distances[i], expected[i], 1e-9) << set << " row " << i;
      }
    }
  }
}

TEST(Hdbscan, IsTheReferenceWhereDistancesAreNotTied) {
  for (const std::string set : {"blobs", "moons", "varied", "embedding186", "blobs64"}) {
    for (const std::string selection : {"eom", "leaf"}) {
      const HdbscanResult result = hdbscan(points(set).view(), options_of(10, 1, selection), 2);
      const CsvTable table = reference("hdbscan/" + set + "_10_1_" + selection);
      const std::string where = set + " " + selection;
      const auto labels = test::integers(table, "label");
      EXPECT_EQ(compare_labels(labels, result.labels).adjusted_rand, 1) << where;
      for (std::size_t i = 0; i < labels.size(); ++i) {
        ASSERT_EQ(labels[i] < 0, result.labels[i] < 0) << where << " row " << i;
      }
      const std::vector<double> probabilities = numbers(table, "probability");
      const std::vector<double> outliers = numbers(table, "outlier");
      for (std::size_t i = 0; i < labels.size(); ++i) {
        ASSERT_NEAR(result.probabilities[i], probabilities[i], 1e-6) << where << " row " << i;
        ASSERT_NEAR(result.outlier_values[i], outliers[i], 1e-6) << where << " row " << i;
      }
    }
  }
}

template <class T>
void shuffle(std::vector<T>& values, std::uint64_t seed) {
  internal::Random random(seed);
  for (std::size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[random.index(i)]);
  }
}

/// Prim's algorithm from the first row on, as the reference's own: where distances are tied, its
/// tree depends on the order of the rows, and what is made of it on how equal edges are sorted,
/// which it leaves open (`seed`).
SpanningTree tree_from_first_row(MatrixView<double> rows,
                                 std::size_t min_samples,
                                 std::uint64_t seed) {
  SpanningTree tree{
      {}, mutual_reachability_tree(rows, Metric::kEuclidean, min_samples, 2).core_distances};
  const std::size_t n = rows.num_rows();
  std::vector<double> reaches(n, std::numeric_limits<double>::infinity());
  std::vector<bool> done(n, false);
  for (std::size_t current = 0; tree.edges.size() + 1 < n;) {
    done[current] = true;
    std::size_t next = n;
    for (std::size_t j = 0; j < n; ++j) {
      if (done[j]) continue;
      const double apart = distance(rows.row(current), rows.row(j), Metric::kEuclidean);
      reaches[j] = std::min(
          reaches[j], std::max({apart, tree.core_distances[current], tree.core_distances[j]}));
      if (next == n || reaches[j] < reaches[next]) next = j;
    }
    tree.edges.push_back({static_cast<std::uint32_t>(current),
                          static_cast<std::uint32_t>(next),
                          reaches[next],
                          reaches[next]});
    current = next;
  }
  shuffle(tree.edges, seed);
  std::stable_sort(tree.edges.begin(), tree.edges.end(), [](const auto& a, const auto& b) {
    return a.weight < b.weight;
  });
  return tree;
}

std::vector<std::int32_t> labels_from_first_row(MatrixView<double> rows,
                                                const HdbscanOptions& options,
                                                std::uint64_t seed) {
  const CondensedTree tree =
      condense(tree_from_first_row(rows, static_cast<std::size_t>(options.min_samples), seed),
               static_cast<std::size_t>(options.min_cluster_size));
  std::vector<std::int32_t> label_of(tree.num_clusters(), -1);
  std::int32_t next = 0;
  for (const std::uint32_t c : select_clusters(tree, options)) label_of[c] = next++;
  for (std::size_t c = 1; c < label_of.size(); ++c) {
    if (label_of[c] < 0) label_of[c] = label_of[tree.parents[c]];
  }
  std::vector<std::int32_t> labels;
  for (const std::uint32_t c : tree.cluster_of) labels.push_back(label_of[c]);
  return labels;
}

/// How little the reference's algorithm agrees with its own labels when rows come in ten other
/// orders.
double least_agreement_of_orders(const test::Points& set,
                                 const HdbscanOptions& options,
                                 const std::vector<std::int32_t>& labels) {
  double least = 1;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    std::vector<std::size_t> order(set.size());
    std::iota(order.begin(), order.end(), 0U);
    shuffle(order, seed);
    std::vector<double> values;
    std::vector<std::int32_t> moved;
    for (const std::size_t i : order) {
      const auto row = set.view().row(i);
      values.insert(values.end(), row.begin(), row.end());
      moved.push_back(labels[i]);
    }
    const auto found = labels_from_first_row({values, set.num_dims}, options, seed);
    least = std::min(least, compare_labels(moved, found).adjusted_rand);
  }
  return least;
}

/// Where distances are tied, labels of border points are not unique: the reference's exact
/// algorithms agree with each other, and each with itself on rows in another order, only so far. We
/// must agree with it as well as that in each run, and on average as its algorithms do.
TEST(Hdbscan, AgreesWithTheReferenceAsItDoesWithItself) {
  const CsvTable summary = reference("hdbscan/summary");
  double sum_ours = 0;
  double sum_theirs = 0;
  for (const auto& row : summary.rows) {
    const bool has_labels = row[0] != "embedding186" || row[1] == "10";
    const bool splits_equal_rows = row[0] == "duplicates" && row[3] == "leaf";
    if (!has_labels || row[0] == "identical" || splits_equal_rows) continue;
    const std::string where = row[0] + "_" + row[1] + "_" + row[2] + "_" + row[3];
    const test::Points set = points(row[0]);
    const HdbscanOptions options = options_of(std::stol(row[1]), std::stol(row[2]), row[3]);
    const auto labels = test::integers(reference("hdbscan/" + where), "label");
    double theirs = 1;
    for (const char* name : {"ari_generic_prims", "ari_generic_boruvka"}) {
      const std::string text = row[summary.column(name)];
      if (!text.empty()) theirs = std::min(theirs, std::stod(text));
    }
    const double ours =
        compare_labels(labels, hdbscan(set.view(), options, 2).labels).adjusted_rand;
    sum_ours += ours;
    sum_theirs += theirs;
    const double rounding = 1e-6;  // of the summary
    if (ours >= theirs - rounding) continue;
    EXPECT_GE(ours, least_agreement_of_orders(set, options, labels)) << where;
  }
  EXPECT_GE(sum_ours, sum_theirs);
}

/// What the agreement above is measured with gives the reference's labels where there are no ties.
TEST(Hdbscan, TreesFromTheFirstRowGiveTheReferencesLabels) {
  for (const std::string set : {"blobs", "moons", "varied"}) {
    const auto found = labels_from_first_row(points(set).view(), options_of(10, 1, "leaf"), 1);
    const auto labels = test::integers(reference("hdbscan/" + set + "_10_1_leaf"), "label");
    EXPECT_EQ(compare_labels(labels, found).adjusted_rand, 1) << set;
  }
}

TEST(Hdbscan, OptionsMakeAsManyClustersAsTheReference) {
  const test::Points set = points("blobs");
  for (const auto& row : reference("hdbscan/options").rows) {
    HdbscanOptions options = options_of(15, 15);
    options.allow_single_cluster = row[1].starts_with("allow_single_cluster");
    if (row[1].starts_with("cluster_selection_epsilon=")) {
      options.epsilon = std::stod(row[1].substr(row[1].find('=') + 1));
    }
    const HdbscanResult result = hdbscan(set.view(), options, 1);
    EXPECT_EQ(result.num_clusters(), std::stoul(row[2])) << row[1];
    EXPECT_EQ(std::count(result.labels.begin(), result.labels.end(), -1), std::stol(row[3]))
        << row[1];
  }
}

TEST(Hdbscan, EpsilonMergesAndMaximumSizeSplits) {
  const test::Points set = points("embedding186");
  HdbscanOptions options = options_of(5, 5);
  const HdbscanResult plain = hdbscan(set.view(), options, 2);
  options.epsilon = 1.5;
  const HdbscanResult merged = hdbscan(set.view(), options, 2);
  EXPECT_LT(merged.num_clusters(), plain.num_clusters());
  for (const std::uint32_t cluster : merged.selected) {
    EXPECT_GE(1 / merged.condensed.births[cluster], 1.5);
  }
  options.epsilon = 0;
  options.max_cluster_size = 30;
  const HdbscanResult split = hdbscan(set.view(), options, 2);
  for (const std::uint32_t cluster : split.selected) {
    EXPECT_LE(split.condensed.sizes[cluster], 30U);
  }
  EXPECT_TRUE(std::any_of(plain.selected.begin(), plain.selected.end(), [&](std::uint32_t c) {
    return plain.condensed.sizes[c] > 30;
  }));
}

TEST(Hdbscan, PredictsAsTheReference) {
  for (const std::string set : {"blobs", "varied"}) {
    const test::Points known = points(set);
    const HdbscanOptions options = options_of(15, 15);
    const HdbscanResult result = hdbscan(known.view(), options, 2);
    const auto fitted = test::integers(reference("hdbscan/" + set + "_predict_fit"), "label");
    ASSERT_GT(compare_labels(fitted, result.labels).adjusted_rand, 0.99);
    const std::vector<double> fit =
        numbers(reference("hdbscan/" + set + "_predict_fit"), "probability");
    std::map<std::int32_t, std::int32_t> ours_of;
    std::set<std::int32_t> unlike;  // clusters that ties made end otherwise
    for (std::size_t i = 0; i < fitted.size(); ++i) {
      if (fitted[i] >= 0 && result.labels[i] >= 0) ours_of[fitted[i]] = result.labels[i];
      if (std::abs(fit[i] - result.probabilities[i]) > 1e-6) unlike.insert(fitted[i]);
    }
    EXPECT_LE(unlike.size(), 2U);
    const CsvTable table = reference("hdbscan/" + set + "_predict");
    const test::Points queries = test::points_of(table);
    const HdbscanPredictor predictor(known.view(), options, result, 2);
    const PredictedLabels predicted = predictor.predict(queries.view());
    const auto labels = test::integers(table, "label");
    const std::vector<double> probabilities = numbers(table, "probability");
    int num_apart = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      EXPECT_EQ(predicted.labels[i], labels[i] < 0 ? -1 : ours_of[labels[i]]) << set << " " << i;
      if (unlike.contains(labels[i])) continue;
      const double apart = std::abs(predicted.probabilities[i] - probabilities[i]);
      EXPECT_LE(apart, 0.02) << set << " " << i;
      num_apart += apart > 1e-6 ? 1 : 0;
    }
    // The reference counts a row as its own neighbor here, though not when it clusters; that shows
    // where a neighbor's core distance is the largest of the three.
    EXPECT_LE(num_apart, 1) << set;
  }
}

TEST(Hdbscan, MembershipsPreferTheClusterOfTheRow) {
  const test::Points set = points("varied");
  const HdbscanOptions options = options_of(15, 15);
  const HdbscanResult result = hdbscan(set.view(), options, 2);
  const HdbscanPredictor predictor(set.view(), options, result, 2);
  const std::vector<double> memberships = predictor.memberships(set.view());
  const std::size_t num_clusters = result.num_clusters();
  ASSERT_EQ(num_clusters, 4U);
  std::size_t num_right = 0;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const double* row = memberships.data() + i * num_clusters;
    const double sum = std::accumulate(row, row + num_clusters, 0.0);
    EXPECT_GT(sum, 0);
    EXPECT_LE(sum, 1 + 1e-12);
    const auto likeliest = std::max_element(row, row + num_clusters) - row;
    num_right += likeliest == result.labels[i] ? 1 : 0;
  }
  EXPECT_GE(num_right, set.size() * 99 / 100);
  const std::vector<double> far = predictor.memberships({std::vector<double>{1e6, 1e6}, 2});
  EXPECT_LT(std::accumulate(far.begin(), far.end(), 0.0), 1e-3) << "far away it belongs to none";
}

TEST(Hdbscan, FewOddAndEqualRows) {
  const std::vector<double> row{1, 2};
  for (const std::size_t count : {0U, 1U, 2U, 3U, 4U}) {
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i)
      values.insert(values.end(), {1.0 * static_cast<double>(i), 2.0});
    const HdbscanResult result = hdbscan({values, 2}, options_of(5, 5), 2);
    EXPECT_EQ(result.labels, std::vector<std::int32_t>(count, -1)) << count << " rows";
    EXPECT_EQ(result.num_clusters(), 0U);
  }
  std::vector<double> equal;
  for (std::size_t i = 0; i < 60; ++i) equal.insert(equal.end(), row.begin(), row.end());
  EXPECT_EQ(hdbscan({equal, 2}, options_of(5, 5), 2).num_clusters(), 0U);
  HdbscanOptions single = options_of(5, 5);
  single.allow_single_cluster = true;
  const HdbscanResult one = hdbscan({equal, 2}, single, 2);
  EXPECT_EQ(one.labels, std::vector<std::int32_t>(60, 0));
  EXPECT_EQ(one.probabilities, std::vector<double>(60, 1));
  EXPECT_EQ(one.outlier_values, std::vector<double>(60, 0));
}

TEST(Hdbscan, OneDimension) {
  std::vector<double> values;
  for (int i = 0; i < 20; ++i) values.push_back(i * 0.01 + i * i * 1e-5);
  for (int i = 0; i < 30; ++i) values.push_back(10 + i * 0.01 + i * i * 1e-5);
  const HdbscanResult result = hdbscan({values, 1}, options_of(5, 2), 1);
  ASSERT_EQ(result.num_clusters(), 2U);
  EXPECT_EQ(result.labels[0], 1);
  EXPECT_EQ(result.labels[49], 0) << "the larger cluster is the first";
}

TEST(Hdbscan, RefusesWhatIsNoNumberWithItsRow) {
  std::vector<double> values(20, 1);
  values[13] = std::numeric_limits<double>::quiet_NaN();
  try {
    hdbscan({values, 2}, {}, 1);
    FAIL() << "NaN was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
    EXPECT_NE(std::string(error.what()).find("Row 6"), std::string::npos) << error.what();
  }
  HdbscanOptions options;
  options.min_cluster_size = 1;
  EXPECT_THROW(hdbscan({std::vector<double>{1, 2}, 1}, options, 1), Error);
}

/// Prim's algorithm on all distances.
double brute_force_weight(MatrixView<double> rows, Metric metric, std::size_t min_samples) {
  const std::size_t n = rows.num_rows();
  std::vector<double> cores;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> distances;
    for (std::size_t j = 0; j < n; ++j) {
      if (j != i) distances.push_back(distance(rows.row(i), rows.row(j), metric));
    }
    std::sort(distances.begin(), distances.end());
    cores.push_back(distances[std::min(min_samples, n - 1) - 1]);
  }
  std::vector<double> nearest(n, std::numeric_limits<double>::infinity());
  std::vector<bool> done(n, false);
  double sum = 0;
  std::size_t current = 0;
  for (std::size_t step = 1; step < n; ++step) {
    done[current] = true;
    std::size_t next = n;
    for (std::size_t j = 0; j < n; ++j) {
      if (done[j]) continue;
      const double reach =
          std::max({distance(rows.row(current), rows.row(j), metric), cores[current], cores[j]});
      nearest[j] = std::min(nearest[j], reach);
      if (next == n || nearest[j] < nearest[next]) next = j;
    }
    sum += nearest[next];
    current = next;
  }
  return sum;
}

RC_GTEST_PROP(HdbscanProperty, TreeIsAsShortAsBruteForce, (std::uint64_t seed)) {
  const auto num_dims = *rc::gen::element<std::size_t>(1, 2, 5, 9, 20);
  const auto num_rows = *rc::gen::inRange<std::size_t>(2, 150);
  const auto min_samples = *rc::gen::inRange<std::size_t>(1, 40);
  const auto metric = *rc::gen::element(Metric::kEuclidean, Metric::kCosine, Metric::kManhattan);
  const std::vector<double> values = some_rows(seed, num_rows, num_dims);
  const MatrixView<double> rows(values, num_dims);
  const double expected = brute_force_weight(rows, metric, min_samples);
  const double found = total_weight(mutual_reachability_tree(rows, metric, min_samples, 2));
  RC_ASSERT(std::abs(found - expected) <= 1e-9 * expected + 1e-12);
}

RC_GTEST_PROP(HdbscanProperty, PermutedRowsGiveThePermutedResult, (std::uint64_t seed)) {
  const auto num_dims = *rc::gen::element<std::size_t>(2, 10);
  const std::size_t num_rows = 300;
  const std::vector<double> values = some_rows(seed, num_rows, num_dims);
  std::vector<std::size_t> order(num_rows);
  std::iota(order.begin(), order.end(), 0U);
  shuffle(order, seed + 1);
  std::vector<double> permuted;
  for (const std::size_t i : order) {
    permuted.insert(permuted.end(),
                    values.begin() + static_cast<std::ptrdiff_t>(i * num_dims),
                    values.begin() + static_cast<std::ptrdiff_t>((i + 1) * num_dims));
  }
  const HdbscanOptions options = options_of(8, *rc::gen::inRange<std::int64_t>(1, 12));
  const HdbscanResult plain = hdbscan({values, num_dims}, options, 1);
  const HdbscanResult moved = hdbscan({permuted, num_dims}, options, 3);
  RC_ASSERT(plain.num_clusters() == moved.num_clusters());
  std::map<std::int32_t, std::int32_t> renamed{{-1, -1}};
  for (std::size_t i = 0; i < num_rows; ++i) {
    const auto name = renamed.try_emplace(plain.labels[order[i]], moved.labels[i]).first->second;
    RC_ASSERT(name == moved.labels[i]);
    RC_ASSERT(std::abs(plain.probabilities[order[i]] - moved.probabilities[i]) < 1e-12);
    RC_ASSERT(std::abs(plain.outlier_values[order[i]] - moved.outlier_values[i]) < 1e-12);
  }
}

RC_GTEST_PROP(HdbscanProperty, ScaleAndThreadsDoNotMatter, (std::uint64_t seed)) {
  const auto num_dims = *rc::gen::element<std::size_t>(2, 10);
  const std::vector<double> values = some_rows(seed, 250, num_dims);
  const auto scale = *rc::gen::element(0.001, 0.5, 3.0, 1000.0);
  std::vector<double> scaled = values;
  for (double& value : scaled) value *= scale;
  const HdbscanOptions options = options_of(8, 4);
  const HdbscanResult plain = hdbscan({values, num_dims}, options, 1);
  RC_ASSERT(plain.labels == hdbscan({scaled, num_dims}, options, 1).labels);
  const HdbscanResult threads = hdbscan({values, num_dims}, options, 4);
  RC_ASSERT(plain.labels == threads.labels);
  RC_ASSERT(plain.probabilities == threads.probabilities);
  RC_ASSERT(plain.outlier_values == threads.outlier_values);
}

}  // namespace
}  // namespace finview
