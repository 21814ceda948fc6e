#include "finview/vectors/dbscan.h"

#include "finview/base/error.h"
#include "finview/vectors/reference_testing.h"

#include <gtest/gtest.h>

namespace finview {
namespace {

using test::points;
using test::reference;

TEST(Dbscan, IsTheReference) {
  for (const auto& row : reference("sklearn/dbscan").rows) {
    DbscanOptions options;
    options.radius = std::stod(row[1]);
    options.min_samples = std::stol(row[2]);
    const std::string file =
        "sklearn/dbscan_" + row[0] + "_" + (row[1] == "1.0" ? "1" : row[1]) + "_" + row[2];
    const CsvTable table = reference(file);
    const DbscanResult result = dbscan(points(row[0]).view(), options, 2);
    EXPECT_EQ(result.labels, test::integers(table, "label")) << file;
    const auto cores = test::integers(table, "core");
    for (std::size_t i = 0; i < cores.size(); ++i) {
      ASSERT_EQ(result.is_core[i], cores[i] == 1) << file << " row " << i;
    }
    EXPECT_EQ(result.num_clusters, std::stol(row[3])) << file;
  }
}

/// More dimensions than the k-d tree takes: the other search must find the same clusters.
TEST(Dbscan, ManyDimensionsMakeTheSameClusters) {
  const test::Points set = points("moons");
  std::vector<double> wide;
  for (std::size_t i = 0; i < set.size(); ++i) {
    wide.insert(wide.end(), {set.values[2 * i], set.values[2 * i + 1]});
    wide.insert(wide.end(), 10, 1.0);
  }
  DbscanOptions options;
  options.radius = 0.15;
  EXPECT_EQ(dbscan({wide, 12}, options, 3).labels, dbscan(set.view(), options, 1).labels);
}

TEST(Dbscan, FewRowsAndBadOptions) {
  EXPECT_TRUE(dbscan({}, {}, 1).labels.empty());
  EXPECT_EQ(dbscan({std::vector<double>{1}, 1}, {}, 1).labels, std::vector<std::int32_t>{-1});
  DbscanOptions options;
  options.min_samples = 1;
  EXPECT_EQ(dbscan({std::vector<double>{1, 9}, 1}, options, 1).labels,
            (std::vector<std::int32_t>{0, 1}));
  options.radius = -1;
  EXPECT_THROW(dbscan({std::vector<double>{1, 9}, 1}, options, 1), Error);
}

}  // namespace
}  // namespace finview
