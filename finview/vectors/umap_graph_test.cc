#include "finview/vectors/umap_graph.h"

#include "finview/vectors/reference_testing.h"
#include "finview/vectors/umap_start.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>
#include <utility>

#include <gtest/gtest.h>

namespace finview::internal {
namespace {

using test::numbers;
using test::points;
using test::reference;

struct Made {
  NeighborTable<float> table;
  LocalScale scale;
  FuzzyGraph graph;
};

Made make(const std::string& set, std::size_t k) {
  const test::Points data = points(set);
  const std::vector<float> values(data.values.begin(), data.values.end());
  Made made;
  made.table = NeighborSearcher<float>::create(
                   {values, data.num_dims}, Metric::kEuclidean, SearchMethod::kExact, 2)
                   ->of_rows(k - 1);
  made.scale = fit_local_scales(made.table, true);
  made.graph = make_fuzzy_graph(made.table, neighbor_weights(made.table, made.scale));
  return made;
}

void expect_graph(const FuzzyGraph& graph, const std::string& file) {
  const CsvTable table = reference(file);
  std::map<std::pair<std::size_t, std::size_t>, double> expected;
  for (const auto& row : table.rows) {
    expected[{std::stoul(row[0]), std::stoul(row[1])}] = std::stod(row[2]);
  }
  std::size_t num_edges = 0;
  for (std::size_t i = 0; i < graph.num_rows(); ++i) {
    for (std::size_t e = graph.offsets[i]; e < graph.offsets[i + 1]; ++e) {
      const std::size_t j = graph.neighbors[e];
      if (i > j) continue;
      ++num_edges;
      ASSERT_TRUE(expected.contains({i, j})) << file << " " << i << " " << j;
      const double weight = expected[{i, j}];
      ASSERT_NEAR(graph.weights[e], weight, 1e-4 * weight) << file << " " << i << " " << j;
    }
  }
  EXPECT_EQ(num_edges, expected.size()) << file;
}

TEST(UmapGraph, ScalesAndWeightsAreTheReferences) {
  for (const auto& [set, k] : {std::pair{"blobs", 15U}, {"moons", 15U}, {"duplicates", 10U}}) {
    const Made made = make(set, k);
    const CsvTable table = reference(std::string("umap/") + set + "_sigma");
    const std::vector<double> sigma = numbers(table, "sigma");
    const std::vector<double> rho = numbers(table, "rho");
    for (std::size_t i = 0; i < sigma.size(); ++i) {
      ASSERT_NEAR(made.scale.scales[i], sigma[i], 1e-4 * sigma[i]) << set << " row " << i;
      ASSERT_NEAR(made.scale.nearests[i], rho[i], 1e-4 * rho[i] + 1e-6) << set << " row " << i;
    }
    expect_graph(made.graph, std::string("umap/") + set + "_graph");
  }
}

TEST(UmapGraph, LabelsWeakenEdgesAsInTheReference) {
  const Made made = make("blobs", 15);
  std::vector<std::int32_t> labels = points("blobs").labels;
  for (std::size_t i = 0; i < labels.size(); i += 7) labels[i] = -1;
  for (const auto& [name, weight] : {std::pair{"0.5", 0.5}, {"0.9", 0.9}}) {
    expect_graph(intersect_with_labels(made.graph, labels, weight),
                 std::string("umap/blobs_supervised_") + name + "_graph");
  }
}

TEST(UmapGraph, CurvesAreTheReferences) {
  for (const auto& row : reference("umap/ab").rows) {
    const CurveParameters curve = fit_curve(std::stod(row[0]), std::stod(row[1]));
    EXPECT_NEAR(curve.a, std::stod(row[2]), 1e-3) << row[0] << " " << row[1];
    EXPECT_NEAR(curve.b, std::stod(row[3]), 1e-3) << row[0] << " " << row[1];
  }
}

TEST(UmapGraph, ComponentsAreCounted) {
  for (const auto& row : reference("umap/graph_summary").rows) {
    const Made made = make(row[0], std::stoul(row[1]));
    const std::vector<std::uint32_t> components = graph_components(made.graph);
    EXPECT_EQ(*std::max_element(components.begin(), components.end()) + 1, std::stoul(row[5]))
        << row[0];
  }
}

TEST(UmapGraph, EigenvectorsAreTheReferences) {
  const Made made = make("moons", 15);
  const Spectrum found = laplacian_spectrum(made.graph, 6, 1e-10, 1, 2);
  const CsvTable summary = reference("umap/graph_summary");
  std::istringstream values(summary.rows[1][summary.column("laplacian_eigenvalues")]);
  ASSERT_EQ(summary.rows[1][0], "moons");
  for (const double value : found.values) {
    double expected = 0;
    values >> expected;
    EXPECT_NEAR(value, expected, 1e-6);
  }
  const CsvTable table = reference("umap/moons_spectral");
  for (const std::size_t which : {1U, 2U}) {
    const std::vector<double> expected = numbers(table, "v" + std::to_string(which));
    double dot = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
      dot += expected[i] * found.vectors[6 * i + which];
    EXPECT_NEAR(std::abs(dot), 1, 1e-5) << "eigenvector " << which;
  }
}

}  // namespace
}  // namespace finview::internal
