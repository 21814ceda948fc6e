#include "finview/vectors/umap.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/vectors/neighbors.h"
#include "finview/vectors/reference_testing.h"
#include "finview/vectors/scores.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <numeric>

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>

namespace finview {
namespace {

using test::points;
using test::reference;

struct Rows {
  std::vector<float> values;
  std::size_t num_dims = 0;
  std::vector<std::int32_t> labels;

  MatrixView<float> view() const { return {values, num_dims}; }
  std::size_t size() const { return values.size() / num_dims; }
};

Rows rows_of(const test::Points& points) {
  return {{points.values.begin(), points.values.end()}, points.num_dims, points.labels};
}

/// Every fifth row (or all others).
Rows part(const Rows& rows, bool fifths) {
  Rows result{{}, rows.num_dims, {}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if ((i % 5 == 0) != fifths) continue;
    const auto row = rows.view().row(i);
    result.values.insert(result.values.end(), row.begin(), row.end());
    result.labels.push_back(rows.labels[i]);
  }
  return result;
}

std::vector<float> joined(std::vector<float> a, const std::vector<float>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Of the 15 nearest known rows of each new one, the share among the 15 nearest on the map.
double cross_preservation(const Rows& known,
                          const std::vector<float>& places,
                          const Rows& added,
                          const std::vector<float>& new_places) {
  const auto nearest = [](MatrixView<float> rows, MatrixView<float> queries) {
    return NeighborSearcher<float>::create(rows, Metric::kEuclidean, SearchMethod::kExact, 2)
        ->of_queries(queries, 15);
  };
  const auto among_rows = nearest(known.view(), added.view());
  const auto on_map = nearest({places, 2}, {new_places, 2});
  double kept = 0;
  for (std::size_t i = 0; i < added.size(); ++i) {
    const auto mine = on_map.indices_of(i);
    for (const std::uint32_t j : among_rows.indices_of(i)) {
      kept += std::find(mine.begin(), mine.end(), j) != mine.end() ? 1 : 0;
    }
  }
  return kept / 15 / static_cast<double>(added.size());
}

MapFidelity measure(const Rows& rows, const std::string& mode, std::int64_t seed) {
  UmapOptions options;
  options.seed = seed;
  const bool supervised = mode.starts_with("supervised");
  if (!mode.ends_with("transform")) {
    const Umap map =
        Umap::fit(rows.view(), supervised ? rows.labels : std::vector<std::int32_t>{}, options, 2);
    return map_fidelity({to_double(rows.values), rows.num_dims},
                        Metric::kEuclidean,
                        {to_double(map.places()), 2},
                        15,
                        2);
  }
  const Rows known = part(rows, false);
  const Rows added = part(rows, true);
  const Umap map =
      Umap::fit(known.view(), supervised ? known.labels : std::vector<std::int32_t>{}, options, 2);
  const std::vector<float> places = map.transform(added.view(), 2);
  MapFidelity fidelity =
      map_fidelity({to_double(joined(known.values, added.values)), rows.num_dims},
                   Metric::kEuclidean,
                   {to_double(joined(map.places(), places)), 2},
                   15,
                   2);
  fidelity.preservation = cross_preservation(known, map.places(), added, places);
  return fidelity;
}

/// Not below the reference's mean by more than its standard deviation, over 5 seeds. The mean of 5
/// has a standard error of 0.45 of the deviation itself, and the reference has 4 decimals.
void expect_quality(const Rows& rows, const std::string& set) {
  const CsvTable table = reference("umap/quality");
  for (const auto& row : table.rows) {
    if (row[0] != set) continue;
    double trustworthiness = 0;
    double preservation = 0;
    for (std::int64_t seed = 1; seed <= 5; ++seed) {
      const MapFidelity fidelity = measure(rows, row[1], seed);
      trustworthiness += fidelity.trustworthiness / 5;
      preservation += fidelity.preservation / 5;
    }
    // What docs/maps.md says.
    std::printf("%s, %s: trustworthiness %.4f (%s +- %s), preserved %.4f (%s +- %s)\n",
                set.c_str(),
                row[1].c_str(),
                trustworthiness,
                row[4].c_str(),
                row[5].c_str(),
                preservation,
                row[6].c_str(),
                row[7].c_str());
    const double rounding = 1e-4;
    const double slack = 1.45;
    EXPECT_GE(trustworthiness, std::stod(row[4]) - slack * std::stod(row[5]) - rounding)
        << set << " " << row[1];
    EXPECT_GE(preservation, std::stod(row[6]) - slack * std::stod(row[7]) - rounding)
        << set << " " << row[1];
  }
}

TEST(Umap, MapsAsFaithfullyAsTheReference) {
  expect_quality(rows_of(points("blobs64")), "blobs64");
}

TEST(Umap, MapsLargerSetsAsFaithfullyAsTheReference) {
  const char* shared = std::getenv("FINVIEW_SHARED_DATA");
  if (shared == nullptr) GTEST_SKIP() << "FINVIEW_SHARED_DATA is not set";
  const std::string folder = std::string(shared) + "/reference/data/map_";
  for (const std::string set : {"digits", "roll", "features"}) {
    const std::vector<std::uint8_t> file = read_file(folder + set + ".npy");
    const std::size_t begin = 10 + file[8] + 256U * file[9];
    Rows rows;
    rows.values.resize((file.size() - begin) / sizeof(float));
    std::memcpy(rows.values.data(), file.data() + begin, file.size() - begin);
    rows.labels = test::integers(read_csv(folder + set + "_labels.csv"), "label");
    rows.num_dims = rows.values.size() / rows.labels.size();
    expect_quality(rows, set);
  }
}

TEST(Umap, TheSeedAloneMakesTheMap) {
  const Rows rows = rows_of(points("blobs64"));
  const UmapOptions options;
  const Umap one = Umap::fit(rows.view(), {}, options, 1);
  EXPECT_EQ(one.places(), Umap::fit(rows.view(), {}, options, 2).places());
  EXPECT_EQ(one.places(), Umap::fit(rows.view(), {}, options, 7).places());
  UmapOptions other = options;
  other.seed = 2;
  EXPECT_NE(one.places(), Umap::fit(rows.view(), {}, other, 2).places());
}

TEST(Umap, LabelsDrawRowsTogether) {
  const Rows rows = rows_of(points("embedding186"));
  UmapOptions options;
  options.num_epochs = 100;
  std::vector<std::int32_t> half = rows.labels;
  for (std::size_t i = 0; i < half.size(); i += 2) half[i] = -1;
  const auto apart = [&](const std::vector<std::int32_t>& labels) {
    const Umap map = Umap::fit(rows.view(), labels, options, 2);
    const std::vector<double> values =
        silhouettes({to_double(map.places()), 2}, rows.labels, Metric::kEuclidean, 2);
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  };
  const double without = apart({});
  const double some = apart(half);
  const double all = apart(rows.labels);
  EXPECT_GT(some, without);
  EXPECT_GT(all, some);
}

TEST(Umap, APlaceDependsOnTheRowAlone) {
  const Rows rows = rows_of(points("blobs64"));
  const Rows known = part(rows, false);
  const Rows added = part(rows, true);
  const Umap map = Umap::fit(known.view(), {}, {}, 2);
  const std::vector<float> all = map.transform(added.view(), 3);
  for (const std::size_t i : {0U, 17U, 79U}) {
    const std::vector<float> alone = map.transform({added.view().row(i), added.num_dims}, 1);
    EXPECT_EQ(alone[0], all[2 * i]);
    EXPECT_EQ(alone[1], all[2 * i + 1]);
  }
  EXPECT_TRUE(map.transform({{}, 64}, 1).empty());
  EXPECT_THROW(map.transform({std::vector<float>(63, 1), 63}, 1), Error);
}

TEST(Umap, OldRowsStayPutWhenRowsAreAdded) {
  const Rows rows = rows_of(points("blobs64"));
  const Rows known = part(rows, false);
  const Rows added = part(rows, true);
  for (const double max_movement : {0.0, 0.02}) {
    Umap map = Umap::fit(known.view(), {}, {}, 2);
    const std::vector<float> before = map.places();
    float width = 0;
    for (const std::size_t d : {0U, 1U}) {
      float low = before[d];
      float high = before[d];
      for (std::size_t i = d; i < before.size(); i += 2) {
        low = std::min(low, before[i]);
        high = std::max(high, before[i]);
      }
      width = std::max(width, high - low);
    }
    map.add(added.view(), {}, max_movement, 2);
    ASSERT_EQ(map.num_rows(), rows.size());
    float farthest = 0;
    for (std::size_t i = 0; i < before.size(); i += 2) {
      farthest = std::max(
          farthest, std::hypot(map.places()[i] - before[i], map.places()[i + 1] - before[i + 1]));
    }
    EXPECT_LE(farthest, width * (max_movement + 1e-5));
    EXPECT_EQ(farthest > 0, max_movement > 0);
    const MapFidelity fidelity = map_fidelity({to_double(joined(known.values, added.values)), 64},
                                              Metric::kEuclidean,
                                              {to_double(map.places()), 2},
                                              15,
                                              2);
    EXPECT_GT(fidelity.trustworthiness, 0.97);
  }
}

TEST(Umap, ASavedMapGoesOnAsItWas) {
  const test::ScratchFolder folder;
  const Rows rows = rows_of(points("blobs64"));
  const Rows known = part(rows, false);
  const Rows added = part(rows, true);
  UmapOptions options;
  options.metric = "cosine";
  options.min_dist = 0.37;
  options.num_epochs = 60;
  const Umap map = Umap::fit(known.view(), known.labels, options, 2);
  map.save(folder / "map.fvmap");
  const Umap loaded = Umap::load(folder / "map.fvmap");
  EXPECT_EQ(loaded.places(), map.places());
  EXPECT_EQ(loaded.options().min_dist, 0.37);
  EXPECT_EQ(loaded.options().metric, "cosine");
  EXPECT_EQ(loaded.transform(added.view(), 2), map.transform(added.view(), 2));

  std::string file = read_text_file(folder / "map.fvmap");
  write_file(folder / "short.fvmap", std::string_view(file).substr(0, file.size() - 4));
  EXPECT_THROW(Umap::load(folder / "short.fvmap"), Error);
  write_file(folder / "other.fvmap", "FinView map 2" + file.substr(13));
  EXPECT_THROW(Umap::load(folder / "other.fvmap"), Error);
  write_file(folder / "bad.fvmap",
             file.replace(file.find("num-neighbors=15"), 16, "num-neighbors=1x"));
  EXPECT_THROW(Umap::load(folder / "bad.fvmap"), Error);
  EXPECT_THROW(Umap::load(folder / "none.fvmap"), Error);
}

TEST(Umap, FewAndEqualRowsAndOneDimension) {
  for (const std::size_t count : {0U, 1U, 2U, 3U, 5U}) {
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i)
      values.insert(values.end(), {static_cast<float>(i * i), 1, 0});
    const Umap map = Umap::fit({values, 3}, {}, {}, 2);
    ASSERT_EQ(map.places().size(), 2 * count);
    for (const float place : map.places()) EXPECT_TRUE(std::isfinite(place)) << count << " rows";
  }
  const std::vector<float> equal(3 * 40, 2);
  const Umap of_equal = Umap::fit({equal, 3}, {}, {}, 2);
  for (const float place : of_equal.places()) EXPECT_TRUE(std::isfinite(place));
  std::vector<float> line;
  for (int i = 0; i < 60; ++i) line.push_back(static_cast<float>(i));
  UmapOptions options;
  options.num_dims = 1;
  const Umap map = Umap::fit({line, 1}, {}, options, 2);
  ASSERT_EQ(map.places().size(), 60U);
  options.num_dims = 3;
  EXPECT_EQ(Umap::fit({line, 1}, {}, options, 2).places().size(), 180U);
}

TEST(Umap, RefusesWhatItCannotMap) {
  std::vector<float> values(30, 1);
  values[20] = std::numeric_limits<float>::infinity();
  try {
    Umap::fit({values, 3}, {}, {}, 1);
    FAIL() << "infinity was taken";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("Row 6"), std::string::npos) << error.what();
  }
  values[20] = 1;
  EXPECT_THROW(Umap::fit({values, 3}, std::vector<std::int32_t>{1, 2}, {}, 1), Error);
  UmapOptions options;
  options.num_neighbors = 1;
  EXPECT_THROW(Umap::fit({values, 3}, {}, options, 1), Error);
  options = {};
  options.min_dist = 2;
  EXPECT_THROW(Umap::fit({values, 3}, {}, options, 1), Error);
  Umap map = Umap::fit({values, 3}, {}, {}, 1);
  EXPECT_THROW(map.add({values, 3}, {}, -1, 1), Error);
  EXPECT_THROW(map.add({values, 3}, std::vector<std::int32_t>(10, 0), 0, 1), Error);
}

}  // namespace
}  // namespace finview
