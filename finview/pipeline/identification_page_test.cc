#include "finview/pipeline/identification_page.h"

#include "finview/base/files.h"

#include <cmath>

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>

namespace finview {
namespace {

TEST(IdentificationPage, SaysWhatTheReportSays) {
  const std::vector<double> places = {0, 0.01, 0.5, 0.52, 0.03};
  const std::vector<GalleryEntry> entries = {
      {"a<b", ""}, {"a<b", ""}, {"c", ""}, {"c", ""}, {"c", ""}};
  const std::vector<std::string> names = {"1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg"};
  const std::vector<Crop> crops(5,
                                Crop{cv::Mat(40, 50, CV_8UC3, cv::Scalar(1, 2, 3)), {}, 0, 0, 1});
  const IdentificationReport report = report_identification(
      [&](std::size_t a, std::size_t b) { return 1 - std::abs(places[a] - places[b]); },
      entries,
      true,
      1,
      1);
  const test::ScratchFolder folder;
  const std::vector<QualityScore> by_quality = {{QualityClass::kExcellent, 3, 0.625, 0.75, 0.7},
                                                {QualityClass::kFair, 0, 0, 0, 0}};
  write_identification_page(
      folder.path(), report, {"Trial", {"by hand"}, entries, names, crops, by_quality});
  const nlohmann::json json = nlohmann::json::parse(read_text_file(folder / "report.json"));
  EXPECT_NEAR(json["rank_1"]["value"].get<double>(), 0.8, 1e-9);
  ASSERT_EQ(json["mistakes"].size(), 1U);
  EXPECT_EQ(json["mistakes"][0]["file"], "5.jpg");
  EXPECT_EQ(json["individuals"][0]["individual"], "c");
  EXPECT_EQ(json["method"][0], "by hand");
  ASSERT_EQ(json["by_quality"].size(), 2U);
  EXPECT_EQ(json["by_quality"][0]["quality"], "excellent");
  EXPECT_EQ(json["by_quality"][0]["rank_1"], 0.625);
  EXPECT_EQ(json["by_quality"][1]["num_queries"], 0);
  const std::string page = read_text_file(folder / "index.html");
  EXPECT_NE(page.find("a&lt;b"), std::string::npos);
  EXPECT_EQ(page.find("a<b"), std::string::npos);
  EXPECT_NE(page.find("0.800"), std::string::npos);
  EXPECT_NE(page.find("<td>excellent</td><td class=\"n\">3</td><td class=\"n\">0.625</td>"),
            std::string::npos);
  EXPECT_NE(page.find("<td>fair</td><td class=\"n\">0</td><td></td>"), std::string::npos)
      << "nobody asked, nothing is claimed";
  EXPECT_NE(page.find("5.jpg"), std::string::npos);
  EXPECT_NE(page.find("data:image/jpeg;base64"), std::string::npos);
}

}  // namespace
}  // namespace finview
