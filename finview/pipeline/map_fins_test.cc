#include "finview/pipeline/map_fins.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/npy.h"

#include <cmath>
#include <set>

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

/// Three groups of embeddings far from each other; those of the third are named later.
struct Example {
  Example() {
    for (int i = 0; i < 90; ++i) {
      for (int d = 0; d < 12; ++d) {
        values.push_back(
            static_cast<float>((d % 3 == i % 3 ? 10 : 0) + std::sin(i * 12.3 + d * 4.56)));
      }
      FinRow row;
      row.index = i;
      row.name = "fin " + std::to_string(i);
      row.file = i == 7 ? "</script><b>.jpg" : "";
      if (i % 3 != 2) row.individual = i % 3 == 0 ? "Ana" : "Bo";
      table.rows.push_back(row);
    }
    write_file(folder / "rows.npy", npy_bytes(std::span<const float>(values), 12));
    write_fin_table(folder / "rows.csv", table);
    input.table = (folder / "rows.csv").string();
  }

  test::ScratchFolder folder;
  std::vector<float> values;
  FinTable table;
  FinRowOptions input;
  NoProgress progress;
  CancelToken cancel;
};

TEST(MapFins, WritesTableMapAndPage) {
  Example example;
  MapOptions options;
  options.umap.num_epochs = 100;
  options.min_cluster_size = 16;  // of 30: a group cannot be split in two
  options.html = (example.folder / "map.html").string();
  options.save = (example.folder / "kept.fvmap").string();
  options.measure = true;
  const auto summary = map_fins((example.folder / "rows.npy").string(),
                                example.input,
                                options,
                                example.folder / "map.json",
                                example.progress,
                                example.cancel);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->num_dims, 12U);
  EXPECT_EQ(summary->clusters.num_clusters, 3U);
  EXPECT_EQ(summary->clusters.num_labelled, 60U);
  EXPECT_EQ(summary->clusters.to_individuals->adjusted_rand, 1);
  EXPECT_GT(summary->fidelity->trustworthiness, 0.9);
  const FinTable table = read_fin_table(example.folder / "map.json");
  ASSERT_EQ(table.rows.size(), 90U);
  EXPECT_EQ(table.rows[8].name, "fin 8");
  EXPECT_TRUE(table.rows[8].x && table.rows[8].y);
  EXPECT_EQ(table.rows[0].label, table.rows[3].label);
  EXPECT_NE(table.rows[0].label, table.rows[1].label);
  EXPECT_EQ(table.extra_columns, (std::vector<std::string>{"glosh", "lof"}));

  const std::string page = read_text_file(options.html);
  EXPECT_EQ(page.find("</script><b>"), std::string::npos) << "a file name must not end the script";
  EXPECT_EQ(page.find("http"), std::string::npos) << "nothing is loaded from a network";
  const std::size_t begin = page.find("id=\"data\">") + 10;
  const auto data =
      nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
  ASSERT_EQ(data.size(), 90U);
  EXPECT_EQ(data[7].at("file"), "</script><b>.jpg");
}

TEST(MapFins, AddedFinsLeaveTheOthersInPlace) {
  Example example;
  MapOptions options;
  options.umap.num_epochs = 100;
  options.min_cluster_size = 16;
  options.save = (example.folder / "kept.fvmap").string();
  const auto map = [&](const std::string& rows, const std::string& out) {
    return *map_fins((example.folder / rows).string(),
                     example.input,
                     options,
                     example.folder / out,
                     example.progress,
                     example.cancel);
  };
  map("rows.npy", "first.csv");
  const FinTable first = read_fin_table(example.folder / "first.csv");
  for (float& value : example.values) value += 0.01F;
  write_file(example.folder / "more.npy", npy_bytes(std::span<const float>(example.values), 12));
  options.add_to = options.save;
  options.max_movement = 0;
  const MapSummary summary = map("more.npy", "both.csv");
  EXPECT_EQ(summary.num_added, 90U);
  const FinTable both = read_fin_table(example.folder / "both.csv");
  ASSERT_EQ(both.rows.size(), 180U);
  for (std::size_t i = 0; i < 90; ++i) {
    EXPECT_NEAR(*both.rows[i].x, *first.rows[i].x, 2e-6);
    EXPECT_NEAR(*both.rows[i].y, *first.rows[i].y, 2e-6);
    EXPECT_EQ(both.rows[90 + i].label, both.rows[i].label) << "near copies fall into one cluster";
  }
}

TEST(ClusterFins, EveryMethodFindsTheGroups) {
  Example example;
  for (const std::string method : {"hdbscan", "dbscan", "kmeans"}) {
    ClusterOptions options;
    options.method = method;
    options.radius = 5;
    options.num_clusters = 3;
    ClusterOutputs outputs;
    outputs.measure = true;
    const auto report = cluster_fins((example.folder / "rows.npy").string(),
                                     example.input,
                                     options,
                                     outputs,
                                     example.folder / "clusters.csv",
                                     example.progress,
                                     example.cancel);
    EXPECT_EQ(report->summary.num_clusters, 3U) << method;
    EXPECT_EQ(report->summary.num_noise, 0U) << method;
    EXPECT_EQ(report->summary.to_individuals->v_measure, 1) << method;
    EXPECT_GT(*report->silhouette, 0.5) << method;
  }
}

TEST(ClusterFins, JudgesNewFinsAndWritesTheHierarchy) {
  Example example;
  // Near copies of the first 6 fins, with their names but for one, and a stranger.
  std::vector<float> values(example.values.begin(), example.values.begin() + 6 * 12);
  for (float& value : values) value += 0.01F;
  values.insert(values.end(), 12, 500);
  FinTable names;
  for (std::size_t i = 0; i < 7; ++i) {
    FinRow row;
    row.name = "new " + std::to_string(i);
    if (i < 5) row.individual = example.table.rows[i].individual;
    names.rows.push_back(row);
  }
  names.rows[3].individual = "Bo";  // it looks like Ana
  write_file(example.folder / "new.npy", npy_bytes(std::span<const float>(values), 12));
  write_fin_table(example.folder / "names.csv", names);
  ClusterOptions options;
  options.hdbscan.min_cluster_size = 16;
  ClusterOutputs outputs;
  outputs.tree = (example.folder / "tree.csv").string();
  outputs.spanning_tree = (example.folder / "spanning.csv").string();
  outputs.memberships = (example.folder / "memberships.csv").string();
  outputs.new_fins.path = (example.folder / "new.npy").string();
  outputs.new_fins.table = (example.folder / "names.csv").string();
  outputs.new_fins.out = (example.folder / "judged.json").string();
  const auto run = [&] {
    return cluster_fins((example.folder / "rows.npy").string(),
                        example.input,
                        options,
                        outputs,
                        example.folder / "clusters.csv",
                        example.progress,
                        example.cancel);
  };
  const auto report = run();
  EXPECT_EQ(report->new_fins->num_fins, 7U);
  EXPECT_EQ(report->new_fins->num_noise, 1U);
  EXPECT_EQ(report->new_fins->num_checked, 4U);
  EXPECT_EQ(report->new_fins->num_right, 3U);
  const FinTable known = read_fin_table(example.folder / "clusters.csv");
  const FinTable judged = read_fin_table(example.folder / "judged.json");
  EXPECT_EQ(judged.extra_columns, (std::vector<std::string>{"lof", "vote", "vote_share"}));
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(judged.rows[i].label, known.rows[i].label) << i;
  EXPECT_EQ(judged.rows[6].label, -1);
  EXPECT_EQ(judged.rows[6].outlier, 1);
  EXPECT_EQ(judged.rows[3].extras[1], "Ana");
  EXPECT_LT(std::stod(judged.rows[0].extras[0]), 1.5);
  EXPECT_GT(std::stod(judged.rows[6].extras[0]), 10);

  const CsvTable memberships = read_csv(outputs.memberships);
  EXPECT_EQ(memberships.header, (std::vector<std::string>{"index", "name", "file", "0", "1", "2"}));
  ASSERT_EQ(memberships.rows.size(), 7U);
  for (std::size_t i = 0; i < 6; ++i) {
    const auto own = static_cast<std::size_t>(judged.rows[i].label);
    EXPECT_GT(std::stod(memberships.rows[i][3 + own]), 0.5) << i;
  }
  const CsvTable tree = read_csv(outputs.tree);
  EXPECT_EQ(tree.header, (std::vector<std::string>{"parent", "child", "lambda", "size"}));
  std::set<std::string> children;
  for (const auto& row : tree.rows) children.insert(row[1]);
  EXPECT_EQ(children.size(), tree.rows.size()) << "every row and cluster leaves once";
  EXPECT_TRUE(children.contains("0") && children.contains("89"));
  const CsvTable spanning = read_csv(outputs.spanning_tree);
  EXPECT_EQ(spanning.rows.size(), 89U);
  for (const auto& row : spanning.rows) EXPECT_LE(std::stod(row[3]), std::stod(row[2]));

  write_file(example.folder / "other.npy", npy_bytes(std::span<const float>(values), 4));
  outputs.new_fins = {};
  outputs.new_fins.path = (example.folder / "other.npy").string();
  EXPECT_THROW(run(), Error) << "4 numbers for each fin, not 12";
  outputs.new_fins.out = "table.txt";
  EXPECT_THROW(run(), Error);
  options.method = "kmeans";
  EXPECT_THROW(run(), Error) << "it has no hierarchy";
}

TEST(FinRows, ReadsTablesAndArraysAndRefusesOthers) {
  Example example;
  const auto read = [&](const std::string& name, const std::string& text) {
    write_file(example.folder / name, text);
    return *read_fin_rows((example.folder / name).string(), {}, example.progress, example.cancel);
  };
  const FinRows places = read("places.csv", "name,x,y,weight\na,1,2,7\nb,3,4,8\n");
  EXPECT_EQ(places.values, (std::vector<float>{1, 2, 3, 4}));
  const FinRows numbers = read("numbers.csv", "name,e0,site,e1\na,1,A,2\nb,3,B,4\n");
  EXPECT_EQ(numbers.num_dims, 2U);
  EXPECT_EQ(numbers.values, (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(numbers.table.extra_columns, std::vector<std::string>{"site"});
  EXPECT_EQ(numbers.table.rows[1].extras, std::vector<std::string>{"B"});
  EXPECT_THROW(read("lost.csv", "name,x,y,e\na,1,2,3\nb,,5,6\n"), Error) << "b has no place";
  EXPECT_THROW(read("words.csv", "name,site\na,A\n"), Error);
  EXPECT_THROW(read("short.npy", "\x93NUMPY"), Error);
  const std::vector<std::uint8_t> npy = npy_bytes(std::span<const float>(example.values), 12);
  const std::string array(npy.begin(), npy.end());
  EXPECT_EQ(read("plain.npy", array).table.rows[89].name, "89");
  EXPECT_THROW(read("cut.npy", array.substr(0, array.size() - 4)), Error);
  std::string fortran = array;
  fortran.replace(fortran.find("False"), 5, "True ");
  EXPECT_THROW(read("fortran.npy", fortran), Error);
  FinRowOptions other;
  other.table = (example.folder / "places.csv").string();
  EXPECT_THROW(read_fin_rows(
                   (example.folder / "rows.npy").string(), other, example.progress, example.cancel),
               Error);
  EXPECT_THROW(read_fin_rows("/none", {}, example.progress, example.cancel), Error);
}

}  // namespace
}  // namespace finview
