#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/html_report.h"
#include "finview/pipeline/journal.h"
#include "finview/pipeline/photo_batch.h"
#include "finview/pipeline/result_tables.h"
#include "finview/pipeline/signature_cache.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace finview {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Pipeline : public testing::Test {
 protected:
  Pipeline() : folder_(std::filesystem::path(testing::TempDir()) / "finview_pipeline_test") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~Pipeline() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

PhotoResult known_fin(const std::string& photo) {
  PhotoResult result;
  result.photo = photo;
  result.sha256 = std::string(64, 'a');
  result.taken = "2019-02-03T04:05:06";
  result.width_px = 100;
  result.height_px = 50;
  FinResult fin;
  fin.box = {10, 5, 40, 30, 0.875F, 0};
  fin.answer = {
      {{"Anna", 0.75, {0.5, 0.625, {}, -0.5, 1.5}, 3}, {"B, \"<i>\"", 0.125, {0.25, 0.125}, 1}},
      0.0625,
      Decision::kKnown,
      {Witness::kEdgeNetwork}};
  result.fins.push_back(fin);
  return result;
}

PhotoResult failed(const std::string& photo) {
  PhotoResult result;
  result.photo = photo;
  result.error = "no fin was found.";
  return result;
}

TEST(ResultTables, MatchesHaveOneLinePerCandidate) {
  const std::vector<PhotoResult> results{known_fin("a,b.jpg"), failed("c.jpg")};
  const CsvTable table = parse_csv(matches_csv(results), "matches");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_THAT(table.rows[1],
              ElementsAre("a,b.jpg",
                          "1",
                          "10.0",
                          "5.0",
                          "30.0",
                          "25.0",
                          "0.8750",
                          "2",
                          "B, \"<i>\"",
                          "0.1250",
                          "0.2500",
                          "0.0625",
                          "known",
                          "0.1250",
                          "",
                          "",
                          ""));
  EXPECT_THAT(parse_csv(boxes_csv(results), "boxes").rows, testing::SizeIs(1));
  EXPECT_THAT(parse_csv(errors_csv(results), "errors").rows,
              ElementsAre(ElementsAre("c.jpg", "no fin was found.")));
}

TEST(OutputStem, DiffersForTheSameNameInTwoFolders) {
  EXPECT_NE(output_stem("a/IMG_1.jpg"), output_stem("b/IMG_1.jpg"));
  EXPECT_EQ(output_stem("a/IMG_1.jpg").substr(0, 6), "IMG_1-");
}

TEST_F(Pipeline, JournalGivesBackWhatWasFinished) {
  const std::filesystem::path file = folder_ / "x.journal";
  {
    Journal journal(file, "settings");
    journal.add(known_fin("a.jpg"));
    journal.add(failed("b.jpg"));
  }
  std::ofstream(file, std::ios::app) << R"({"photo": "c.jpg", "sha)";  // a crash cut this line off
  Journal journal(file, "settings");
  const std::optional<PhotoResult> found = journal.find("a.jpg", std::string(64, 'a'));
  ASSERT_TRUE(found);
  EXPECT_EQ(results_json({&*found, 1}), results_json(std::vector{known_fin("a.jpg")}));
  EXPECT_FALSE(journal.find("a.jpg", std::string(64, 'b'))) << "the photo has changed since";
  EXPECT_FALSE(journal.find("c.jpg", ""));
  EXPECT_TRUE(journal.find("b.jpg", ""));
}

TEST_F(Pipeline, JournalOfOtherSettingsIsNotUsed) {
  Journal(folder_ / "x.journal", "old").add(known_fin("a.jpg"));
  EXPECT_FALSE(Journal(folder_ / "x.journal", "new").find("a.jpg", std::string(64, 'a')));
}

FinSignature signature_with_edge() {
  FinSignature signature{{0.6F, 0.8F}, FinEdge{}, {0.5F, -0.5F, 0.1F}};
  signature.edge->points = {{1, 2}, {3, 4.5F}};
  signature.edge->signals.assign(FinEdge::kNumChannels * FinEdge::kNumSamples, 0.25F);
  signature.edge->signals.back() = -1.5F;
  signature.edge->quality = 0.75;
  FinMarks& marks = signature.marks.emplace();
  marks.side = FinSide::kLeft;
  marks.places = {{0.25F, 0.5F, 0.125F, 30}, {-0.25F, 1, 0.5F, 359}};
  marks.descriptors.assign(2 * FinMarks::kDescriptorSize, 7);
  marks.descriptors.back() = 255;
  return signature;
}

TEST_F(Pipeline, SignatureCacheKeepsSignaturesAndFinlessPictures) {
  const std::filesystem::path file = folder_ / "catalogue.index";
  {
    SignatureCache cache(file, "model 1");
    cache.add("aa", signature_with_edge());
    cache.add("bb", {{1, 0}});
    cache.add_without_fin("cc");
    cache.save();
  }
  const SignatureCache cache(file, "model 1");
  const std::optional<FinSignature> found = cache.find("aa");
  ASSERT_TRUE(found && found->edge);
  EXPECT_EQ(found->embedding, signature_with_edge().embedding);
  EXPECT_EQ(found->edge->signals, signature_with_edge().edge->signals);
  EXPECT_EQ(found->edge->points, signature_with_edge().edge->points);
  EXPECT_EQ(found->edge->quality, 0.75);
  EXPECT_EQ(found->edge_views, signature_with_edge().edge_views);
  ASSERT_TRUE(found->marks);
  EXPECT_EQ(found->marks->side, FinSide::kLeft);
  EXPECT_EQ(found->marks->places.at(1).x, -0.25F);
  EXPECT_EQ(found->marks->places.at(1).angle_deg, 359);
  EXPECT_EQ(found->marks->descriptors, signature_with_edge().marks->descriptors);
  EXPECT_FALSE(cache.find("bb")->edge);
  EXPECT_FALSE(cache.find("bb")->marks);
  EXPECT_TRUE(cache.knows("cc"));
  EXPECT_FALSE(cache.find("cc"));
  EXPECT_FALSE(cache.knows("dd"));
  EXPECT_FALSE(SignatureCache(file, "model 2").knows("aa"));
}

TEST_F(Pipeline, SignatureCacheGrowsWhileItsFileIsMapped) {
  const std::filesystem::path file = folder_ / "catalogue.index";
  SignatureCache cache(file, "model");
  cache.add("bb", signature_with_edge());
  cache.save();
  SignatureCache grown(file, "model");
  grown.add("aa", {{1, 0}});
  grown.save();
  EXPECT_EQ(grown.find("bb")->edge_views, signature_with_edge().edge_views);
  const SignatureCache again(file, "model");
  EXPECT_EQ(again.find("aa")->embedding, (std::vector<float>{1, 0}));
  EXPECT_EQ(again.find("bb")->edge->signals, signature_with_edge().edge->signals);
}

TEST_F(Pipeline, DamagedSignatureCacheCountsAsEmpty) {
  const std::filesystem::path file = folder_ / "catalogue.index";
  SignatureCache cache(file, "model");
  cache.add("aa", signature_with_edge());
  cache.save();
  const std::vector<std::uint8_t> bytes = read_file(file);
  for (std::size_t size = 0; size < bytes.size(); size += 97) {
    write_file(file, std::span(bytes).first(size));
    EXPECT_FALSE(SignatureCache(file, "model").knows("aa")) << "cut to " << size << " bytes";
  }
}

TEST_F(Pipeline, BatchListsEveryFaultBeforeTheWork) {
  write_file(folder_ / "photos" / "a.jpg", std::string_view("x"));
  write_file(folder_ / "file", std::string_view("x"));
  BatchOptions options;
  options.recursive = true;
  options.out = folder_ / "file" / "matches.csv";
  options.crops = folder_ / "photos" / "crops";
  options.html = folder_ / "page";
  try {
    check_batch({folder_ / "photos", folder_ / "none.jpg"}, options);
    FAIL() << "three faults were accepted";
  } catch (const Error& error) {
    EXPECT_EQ(exit_code(error.kind()), 2);
    EXPECT_THAT(error.what(), HasSubstr("none.jpg: there is no such file"));
    EXPECT_THAT(error.what(), HasSubstr("file is not a folder"));
    EXPECT_THAT(error.what(), HasSubstr("--crops"));
    EXPECT_THAT(error.what(), Not(HasSubstr("--html")));
  }
  options = {};
  options.out = folder_ / "photos" / "matches.csv";
  EXPECT_NO_THROW(check_batch({folder_ / "photos"}, options));
  options.out = folder_ / "matches.txt";
  EXPECT_THROW(check_batch({folder_ / "photos"}, options), Error);
}

TEST_F(Pipeline, ReportEscapesNamesAndListsErrors) {
  const PhotoResult photo = known_fin("<script>alert(1)</script>.jpg");
  CatalogueIndex catalogue{{{"gone.jpg", "Anna", "", "ab"},
                            {"gone.jpg", "B", "", "cd"},
                            {"", "C", "", "ef"},
                            {"gone.jpg", "D", "", "gh"}},
                           Gallery({{"Anna", ""}}, {{{1}}}),
                           0,
                           {},
                           {}};
  write_html_report(folder_, std::vector{photo, failed("b&b.jpg")}, &catalogue);
  const std::string page = read_text_file(folder_ / "index.html");
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)"));
  EXPECT_THAT(page, HasSubstr("B, &quot;&lt;i&gt;&quot;"));
  EXPECT_THAT(page, HasSubstr("b&amp;b.jpg"));
  EXPECT_THAT(page, HasSubstr("75 %"));
  EXPECT_THAT(page, HasSubstr("Without edge-network."));
  EXPECT_THAT(page, Not(HasSubstr("http"))) << "the page must not need a network";
}

}  // namespace
}  // namespace finview
