#include "finview/vectors/neighbors.h"

#include "finview/base/error.h"
#include "finview/vectors/kernels.h"
#include "finview/vectors/random.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace finview {
namespace {

constexpr std::array kMetrics{Metric::kEuclidean, Metric::kCosine, Metric::kManhattan};

template <class T>
std::vector<T> random_rows(std::uint64_t seed, std::size_t num_rows, std::size_t num_dims) {
  internal::Random random(seed);
  std::vector<T> values;
  for (std::size_t i = 0; i < num_rows * num_dims; ++i)
    values.push_back(static_cast<T>(random.normal()));
  return values;
}

/// Distances of the k nearest, from all distances.
template <class T>
std::vector<double> nearest_distances(
    MatrixView<T> rows, std::span<const T> query, Metric metric, std::size_t k, std::size_t own) {
  std::vector<double> distances;
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    if (i != own) distances.push_back(distance(query, rows.row(i), metric));
  }
  std::sort(distances.begin(), distances.end());
  distances.resize(k);
  return distances;
}

template <class T>
void check_search(
    std::uint64_t seed, std::size_t num_rows, std::size_t num_dims, std::size_t k, Metric metric) {
  const std::vector<T> values = random_rows<T>(seed, num_rows, num_dims);
  const std::vector<T> queries = random_rows<T>(seed + 1, 7, num_dims);
  const MatrixView<T> rows(values, num_dims);
  const auto searcher = NeighborSearcher<T>::create(rows, metric, SearchMethod::kExact, 2);
  const double tolerance = 1e3 * std::numeric_limits<T>::epsilon();
  const auto check = [&](const NeighborTable<T>& table, MatrixView<T> asked, bool own) {
    for (std::size_t i = 0; i < asked.num_rows(); ++i) {
      const std::vector<double> expected =
          nearest_distances(rows, asked.row(i), metric, k, own ? i : num_rows);
      for (std::size_t r = 0; r < k; ++r) {
        RC_ASSERT(std::abs(table.distances_of(i)[r] - expected[r]) <=
                  tolerance * (1 + expected[r]));
        const std::uint32_t found = table.indices_of(i)[r];
        RC_ASSERT(!own || found != i);
        RC_ASSERT(std::abs(distance(asked.row(i), rows.row(found), metric) - expected[r]) <=
                  tolerance * (1 + expected[r]));
      }
    }
  };
  check(searcher->of_rows(k), rows, true);
  check(searcher->of_queries({queries, num_dims}, k), {queries, num_dims}, false);
}

RC_GTEST_PROP(NeighborsProperty, ExactSearchIsBruteForce, (std::uint64_t seed)) {
  const auto num_dims = *rc::gen::element<std::size_t>(1, 2, 3, 8, 9, 16, 33);
  const auto num_rows = *rc::gen::inRange<std::size_t>(2, 200);
  const auto k = *rc::gen::inRange<std::size_t>(1, num_rows);
  const Metric metric = *rc::gen::elementOf(kMetrics);
  check_search<float>(seed, num_rows, num_dims, k, metric);
  check_search<double>(seed, num_rows, num_dims, k, metric);
}

TEST(Neighbors, RadiusSearchFindsThoseWithin) {
  for (const std::size_t num_dims : {2U, 12U}) {
    const std::vector<double> values = random_rows<double>(3, 150, num_dims);
    const MatrixView<double> rows(values, num_dims);
    for (const Metric metric : kMetrics) {
      const auto searcher = NeighborSearcher<double>::create(rows, metric, SearchMethod::kExact, 2);
      const double radius = distance(rows.row(0), rows.row(1), metric);
      const RadiusTable table = searcher->within(radius * (1 + 1e-12), 0, 150);
      for (std::size_t i = 0; i < 150; ++i) {
        std::vector<std::uint32_t> expected;
        for (std::uint32_t j = 0; j < 150; ++j) {
          if (distance(rows.row(i), rows.row(j), metric) <= radius * (1 + 1e-12))
            expected.push_back(j);
        }
        const auto found = table.indices_of(i);
        ASSERT_EQ(std::vector<std::uint32_t>(found.begin(), found.end()), expected) << num_dims;
      }
    }
  }
}

TEST(Neighbors, EqualDistancesComeByIndex) {
  for (const std::size_t num_dims : {2U, 12U}) {
    const std::vector<float> values(40 * num_dims, 1.5F);
    const auto searcher = NeighborSearcher<float>::create(
        {values, num_dims}, Metric::kEuclidean, SearchMethod::kExact, 3);
    const NeighborTable<float> table = searcher->of_rows(3);
    EXPECT_EQ(table.indices_of(0)[0], 1U);
    EXPECT_EQ(table.indices_of(39)[2], 2U);
    EXPECT_EQ(table.distances_of(39)[2], 0.0F);
  }
}

/// Rows around 60 centers, as embeddings of individuals are.
std::vector<float> clustered_rows(std::size_t num_rows, std::size_t num_dims) {
  internal::Random random(5);
  const std::vector<float> centers = random_rows<float>(6, 60, num_dims);
  std::vector<float> values;
  for (std::size_t i = 0; i < num_rows; ++i) {
    const std::size_t center = random.index(60);
    for (std::size_t d = 0; d < num_dims; ++d) {
      values.push_back(centers[center * num_dims + d] + static_cast<float>(0.8 * random.normal()));
    }
  }
  return values;
}

TEST(Neighbors, ApproximateSearchFindsNearlyAllAndDoesNotDependOnThreads) {
  const std::vector<float> values = clustered_rows(6000, 32);
  const MatrixView<float> rows(values, 32);
  for (const Metric metric : kMetrics) {
    const auto exact =
        NeighborSearcher<float>::create(rows, metric, SearchMethod::kExact, 2)->of_rows(15);
    const auto approximate =
        NeighborSearcher<float>::create(rows, metric, SearchMethod::kApproximate, 1)->of_rows(15);
    std::size_t num_found = 0;
    for (std::size_t i = 0; i < 6000; ++i) {
      const auto mine = approximate.indices_of(i);
      for (const std::uint32_t j : exact.indices_of(i)) {
        num_found += std::find(mine.begin(), mine.end(), j) != mine.end() ? 1 : 0;
      }
    }
    EXPECT_GT(num_found, 6000 * 15 * 0.98) << static_cast<int>(metric);
    const auto threads =
        NeighborSearcher<float>::create(rows, metric, SearchMethod::kApproximate, 4)->of_rows(15);
    EXPECT_EQ(approximate.indices, threads.indices);
    EXPECT_EQ(approximate.distances, threads.distances);
  }
}

TEST(Neighbors, RefusesWhatCannotBeCompared) {
  const std::vector<float> values{1, 2, 0, 0, std::nanf(""), 4};
  const auto create = [&](std::size_t num_rows, Metric metric) {
    return NeighborSearcher<float>::create(
        {std::span(values).first(2 * num_rows), 2}, metric, SearchMethod::kExact, 1);
  };
  try {
    create(3, Metric::kEuclidean);
    FAIL() << "NaN was taken";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("Row 2"), std::string::npos) << error.what();
  }
  try {
    create(2, Metric::kCosine);
    FAIL() << "a row without direction was taken";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("Row 1"), std::string::npos) << error.what();
  }
  EXPECT_THROW(create(0, Metric::kEuclidean), Error);
  const auto two = create(2, Metric::kEuclidean);
  EXPECT_EQ(two->of_rows(1).indices, (std::vector<std::uint32_t>{1, 0}));
  EXPECT_THROW(two->of_rows(2), Error);
  EXPECT_THROW(two->of_rows(0), Error);
  EXPECT_THROW(two->of_queries({std::span(values).first(3), 3}, 1), Error);
  EXPECT_THROW(MatrixView<float>(std::span(values).first(3), 2), Error);
}

/// Whatever the processor, the same arithmetic up to rounding.
TEST(Kernels, EveryInstructionSetComputesTheSame) {
  using namespace internal;
  std::vector<Kernels> all{baseline_kernels()};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    all.push_back(avx2_kernels());
#endif
  all.push_back(kernels());
  alignas(64) float panel[20 * kLanes<float>];
  float rows[kTileRows][20];
  Random random(1);
  for (float& value : panel) value = static_cast<float>(random.normal());
  for (auto& row : rows) {
    for (float& value : row) value = static_cast<float>(random.normal());
  }
  const float* pointers[kTileRows];
  for (std::size_t r = 0; r < kTileRows; ++r) pointers[r] = rows[r];
  for (const Kernels& one : all) {
    alignas(64) float squared[kTileRows * kLanes<float>];
    alignas(64) float absolute[kTileRows * kLanes<float>];
    one.squared_float(pointers, panel, 20, squared);
    one.absolute_float(pointers, panel, 20, absolute);
    for (std::size_t i = 0; i < kTileRows * kLanes<float>; ++i) {
      double expected_squared = 0;
      double expected_absolute = 0;
      for (std::size_t d = 0; d < 20; ++d) {
        const double apart =
            rows[i / kLanes<float>][d] - panel[d * kLanes<float> + i % kLanes<float>];
        expected_squared += apart * apart;
        expected_absolute += std::abs(apart);
      }
      ASSERT_NEAR(squared[i], expected_squared, 1e-4);
      ASSERT_NEAR(absolute[i], expected_absolute, 1e-4);
    }
  }
}

}  // namespace
}  // namespace finview
