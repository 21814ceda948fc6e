#include "finview/pipeline/fin_table.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <cmath>
#include <limits>

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

FinTable example() {
  FinTable table;
  table.extra_columns = {"site", "note"};
  FinRow row;
  row.index = 4;
  row.name = "Tūtai, \"Nick\"";
  row.x = 1.25;
  row.y = -1e-7;
  row.file = "a b/φ.jpg";
  row.label = 12;
  row.probability = 0.5;
  row.individual = "0042";
  row.encounter = "3";
  row.date = "2012-06-01";
  row.quality = 0.9;
  row.extras = {"01", "two\r\nlines"};
  table.rows.push_back(row);
  FinRow bare;
  bare.index = 5;
  bare.name = "b";
  bare.outlier = 1;
  bare.x = std::numeric_limits<double>::quiet_NaN();
  bare.y = std::numeric_limits<double>::infinity();
  bare.extras = {"", ""};
  table.rows.push_back(bare);
  return table;
}

void expect_example(const FinTable& table) {
  EXPECT_EQ(table.extra_columns, (std::vector<std::string>{"site", "note"}));
  ASSERT_EQ(table.rows.size(), 2U);
  const FinRow expected = example().rows[0];
  const FinRow& row = table.rows[0];
  EXPECT_EQ(row.index, expected.index);
  EXPECT_EQ(row.name, expected.name);
  EXPECT_EQ(row.x, expected.x);
  EXPECT_EQ(row.y, expected.y);
  EXPECT_EQ(row.file, expected.file);
  EXPECT_EQ(row.label, expected.label);
  EXPECT_EQ(row.probability, expected.probability);
  EXPECT_EQ(row.individual, expected.individual);
  EXPECT_EQ(row.encounter, expected.encounter);
  EXPECT_EQ(row.date, expected.date);
  EXPECT_EQ(row.quality, expected.quality);
  EXPECT_EQ(row.extras, expected.extras);
  EXPECT_FALSE(table.rows[1].x) << "what is not finite is not known";
  EXPECT_FALSE(table.rows[1].y);
  EXPECT_EQ(table.rows[1].label, -1);
  EXPECT_EQ(table.rows[1].outlier, 1);
}

TEST(FinTable, BothFormsKeepEverything) {
  expect_example(parse_fin_table_csv(fin_table_csv(example()), "csv"));
  expect_example(parse_fin_table_json(fin_table_json(example()), "json"));
  const FinTable once = parse_fin_table_json(fin_table_json(example()), "json");
  expect_example(parse_fin_table_csv(fin_table_csv(once), "csv"));
}

TEST(FinTable, BeginsWithTheSeedsColumnsAndIsStrictJson) {
  const std::string csv = fin_table_csv(example());
  EXPECT_TRUE(csv.starts_with("index,name,x,y,file,class,probability,outlier,")) << csv;
  EXPECT_EQ(csv.find("nan"), std::string::npos);
  const std::string json = fin_table_json(example());
  const auto all = nlohmann::json::parse(json);  // NaN would not parse
  EXPECT_TRUE(all[1].at("x").is_null());
  EXPECT_TRUE(all[1].at("y").is_null());
  EXPECT_EQ(all[0].at("class"), 12);
  EXPECT_EQ(all[0].at("site"), "01") << "a name, though it looks like a number";
  FinTable numbers = example();
  numbers.set_extra("lof", {1.5, std::nan("")});
  const auto with_numbers = nlohmann::json::parse(fin_table_json(numbers));
  EXPECT_EQ(with_numbers[0].at("lof"), 1.5);
  EXPECT_EQ(with_numbers[1].at("lof"), "");
  EXPECT_LT(json.find("\"index\""), json.find("\"name\""));
}

TEST(FinTable, ReadsWhatOthersWrite) {
  const FinTable csv = parse_fin_table_csv(
      "\xEF\xBB\xBF"
      "class,file,mood,y,x\r\n3,p/one.jpg,\"a, \"\"b\"\"\",2.5,NaN\r\n-1.0,two.png,,1,nan\r\n",
      "csv");
  ASSERT_EQ(csv.rows.size(), 2U);
  EXPECT_EQ(csv.rows[0].name, "one") << "the file's stem";
  EXPECT_EQ(csv.rows[0].label, 3);
  EXPECT_EQ(csv.rows[0].y, 2.5);
  EXPECT_FALSE(csv.rows[0].x);
  EXPECT_EQ(csv.rows[0].extras, std::vector<std::string>{"a, \"b\""});
  EXPECT_EQ(csv.rows[1].label, -1);
  EXPECT_EQ(csv.rows[1].index, 1);
  const FinTable json = parse_fin_table_json(
      R"([{"name": "é", "x": 1, "class": null}, {"y": "2.5", "name": "b", "more": [1, 2]}])",
      "json");
  EXPECT_EQ(json.rows[0].name, "é");
  EXPECT_EQ(json.rows[0].label, -1);
  EXPECT_EQ(json.rows[1].y, 2.5);
  EXPECT_EQ(json.rows[1].extras, std::vector<std::string>{"[1,2]"});
  EXPECT_TRUE(parse_fin_table_json("[]", "json").rows.empty());
}

TEST(FinTable, RefusesWhatIsNoTableWithTheRow) {
  const auto fault = [](auto parse) -> std::string {
    try {
      parse();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const std::string bad = fault([] { parse_fin_table_csv("name,x\na,1\nb,east\n", "t.csv"); });
  EXPECT_NE(bad.find("row 2"), std::string::npos) << bad;
  EXPECT_NE(bad.find("east"), std::string::npos) << bad;
  EXPECT_NE(fault([] { parse_fin_table_csv("x,y\n1,2\n", "t.csv"); }), "");
  EXPECT_NE(fault([] { parse_fin_table_csv("name,class\na,1.5\n", "t.csv"); }), "");
  EXPECT_NE(fault([] { parse_fin_table_json("{\"name\": \"a\"}", "t.json"); }), "");
  EXPECT_NE(fault([] { parse_fin_table_json("[1]", "t.json"); }), "");
  EXPECT_NE(fault([] { parse_fin_table_json("[{", "t.json"); }), "");
  EXPECT_NE(fault([] { read_fin_table("t.txt"); }), "");
}

}  // namespace
}  // namespace finview
