#include "finview/synthetic/survey.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/synthetic/file_size_limit_testing.h"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace finview::synthetic {
namespace {

namespace fs = std::filesystem;

class Survey : public testing::Test {
 protected:
  Survey()
      : folder_(fs::path(testing::TempDir()) /
                (std::string("finview-synth-") +
                 testing::UnitTest::GetInstance()->current_test_info()->name() + "-" +
                 std::to_string(getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Survey() override { fs::remove_all(folder_); }

  static SynthOptions small() {
    SynthOptions options;
    options.individuals = 3;
    options.encounters = 2;
    options.photos = 6;
    options.catalogue_photos = 2;
    options.max_fins = 2;
    options.unknown_share = .2;
    options.empty_share = .2;
    options.size = "240x160";
    options.threads = 1;
    return options;
  }

  SurveySummary render(const SynthOptions& options, const std::string& name) {
    return render_survey(options, folder_ / name, progress_, cancel_);
  }

  /// All files and their bytes.
  std::map<std::string, std::vector<std::uint8_t>> contents(const std::string& name) const {
    std::map<std::string, std::vector<std::uint8_t>> result;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / name)) {
      if (!entry.is_regular_file()) continue;
      result[fs::relative(entry.path(), folder_ / name).string()] = read_file(entry.path());
    }
    return result;
  }

  fs::path folder_;
  NoProgress progress_;
  CancelToken cancel_;
};

TEST_F(Survey, IsTheSameForAnyNumberOfThreads) {
  SynthOptions options = small();
  options.masks = true;
  render(options, "one");
  options.threads = 2;
  render(options, "two");
  EXPECT_EQ(contents("one"), contents("two"));
}

TEST_F(Survey, ResumedEqualsUninterrupted) {
  render(small(), "whole");
  render(small(), "broken");
  std::vector<fs::path> photos;
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "broken")) {
    if (entry.path().extension() == ".jpg") photos.push_back(entry.path());
  }
  std::sort(photos.begin(), photos.end());
  for (std::size_t i = 0; i < photos.size(); i += 2) fs::remove(photos[i]);
  fs::remove(folder_ / "broken" / "truth.json");
  const SurveySummary summary = render(small(), "broken");
  EXPECT_EQ(summary.num_kept, static_cast<std::int64_t>(photos.size() / 2));
  EXPECT_EQ(contents("whole"), contents("broken"));
}

TEST_F(Survey, CancelledRunSaysSoAndWritesNoTruth) {
  cancel_.cancel();
  EXPECT_TRUE(render(small(), "none").cancelled);
  EXPECT_FALSE(fs::exists(folder_ / "none" / "truth.json"));
}

TEST_F(Survey, TruthCountsStrangersAndEmptyPhotosExactly) {
  SynthOptions options = small();
  options.photos = 20;
  const SurveyPlan plan = plan_survey(options);
  ASSERT_EQ(plan.photos.size(), 20U);
  int num_strangers = 0;
  int num_empty = 0;
  for (const PlannedPhoto& photo : plan.photos) {
    num_empty += photo.individuals.empty();
    num_strangers += !photo.individuals.empty() && !plan.individuals[photo.individuals[0]].known;
  }
  EXPECT_EQ(num_strangers, 4);
  EXPECT_EQ(num_empty, 4);
}

TEST_F(Survey, CatalogueAndSurveyShareNoEncounter) {
  SynthOptions options;
  options.individuals = 40;
  const SurveyPlan plan = plan_survey(options);
  std::set<std::string> of_survey;
  std::set<std::string> paths;
  for (const PlannedPhoto& photo : plan.photos) {
    of_survey.insert(photo.encounter);
    EXPECT_TRUE(paths.insert(photo.path).second) << photo.path;
  }
  EXPECT_EQ(of_survey.size(), 6U);
  std::map<std::size_t, std::set<std::string>> encounters;
  std::map<std::size_t, int> counts;
  for (const PlannedPhoto& photo : plan.catalogue) {
    EXPECT_FALSE(of_survey.contains(photo.encounter));
    EXPECT_TRUE(paths.insert(photo.path).second) << photo.path;
    encounters[photo.individuals[0]].insert(photo.encounter);
    ++counts[photo.individuals[0]];
  }
  ASSERT_EQ(encounters.size(), 40U);
  for (const auto& [individual, seen] : encounters) {
    EXPECT_GE(seen.size(), 2U) << individual;
    EXPECT_GE(counts[individual], 2);
  }
}

TEST_F(Survey, NamesFollowTheConventionAskedFor) {
  SynthOptions options = small();
  options.names = "niwa";
  const SurveyPlan plan = plan_survey(options);
  EXPECT_THAT(plan.photos[0].path, testing::MatchesRegex("photos/HG_[0-9]{6}_0001_E1_FV.jpg"));
  options.names = "encounter";
  EXPECT_THAT(plan_survey(options).photos[0].path,
              testing::MatchesRegex("photos/2013-[0-9]{2}-[0-9]{2}_E1/IMG_0001.jpg"));
}

TEST_F(Survey, CocoAndCsvAgree) {
  const SurveySummary summary = render(small(), "out");
  const auto coco = nlohmann::json::parse(read_text_file(folder_ / "out" / "truth.json"));
  const CsvTable csv = read_csv(folder_ / "out" / "truth.csv");
  EXPECT_EQ(coco["images"].size(), 6U);
  ASSERT_EQ(coco["annotations"].size(), csv.rows.size());
  EXPECT_EQ(static_cast<std::int64_t>(csv.rows.size()), summary.num_fins);
  for (std::size_t i = 0; i < csv.rows.size(); ++i) {
    const auto& fin = coco["annotations"][i];
    EXPECT_EQ(csv.rows[i][1], std::to_string(fin["bbox"][0].get<int>()));
    EXPECT_EQ(csv.rows[i][5], fin["individual"].get<std::string>());
    const int image = fin["image_id"];
    EXPECT_EQ(coco["images"][static_cast<std::size_t>(image - 1)]["file_name"], csv.rows[i][0]);
    // The polygon lies in the box, give or take the half pixel of its corners.
    for (const auto& polygon : fin["segmentation"]) {
      for (std::size_t k = 0; k < polygon.size(); k += 2) {
        EXPECT_GE(polygon[k].get<double>(), fin["bbox"][0].get<double>() - 1);
        EXPECT_LE(polygon[k].get<double>(),
                  fin["bbox"][0].get<double>() + fin["bbox"][2].get<double>() + 1);
      }
    }
  }
}

TEST_F(Survey, ImpossibleOptionsListAllFaults) {
  SynthOptions options = small();
  options.encounters = 7;
  options.unknown_share = .8;
  options.empty_share = .7;
  options.max_fins = 5;
  options.size = "3x200";
  options.species = "unicorn";
  try {
    render(options, "never");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadOptions);
    for (const char* part :
         {"--encounters", "--unknown-share", "--max-fins", "--size", "unicorn"}) {
      EXPECT_THAT(error.what(), testing::HasSubstr(part));
    }
  }
  EXPECT_FALSE(fs::exists(folder_ / "never"));
}

TEST(ParsePhotoSize, TakesTwoWholeNumbersWithinTheLimits) {
  EXPECT_EQ(parse_photo_size("1600x1067"), cv::Size(1600, 1067));
  for (const char* bad : {"",
                          "1600",
                          "1600x",
                          "x1067",
                          "1600x1067 ",
                          "-1600x1067",
                          "159x120",
                          "160x119",
                          "12001x900",
                          "1600*1067",
                          "1e3x900"}) {
    EXPECT_FALSE(parse_photo_size(bad)) << bad;
  }
}

TEST_F(Survey, OtherOptionsInTheSameFolderAreAConflict) {
  render(small(), "mine");
  SynthOptions other = small();
  other.seed = 2;
  try {
    render(other, "mine");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kConflict);
  }
}

TEST_F(Survey, AFolderThatCannotBeMadeIsACleanError) {
  write_file(folder_ / "file", std::string_view("x"));
  try {
    render(small(), "file/below");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUnavailable);
  }
}

TEST_F(Survey, AFullDiskLeavesNoHalfPhoto) {
  {
    const FileSizeLimit limit(3000);
    try {
      render(small(), "full");
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUnavailable);
    }
  }
  for (const auto& [path, bytes] : contents("full")) {
    EXPECT_NE(fs::path(path).extension(), ".jpg") << path << " has " << bytes.size() << " bytes";
  }
  EXPECT_FALSE(render(small(), "full").cancelled);  // goes on when there is room
}

}  // namespace
}  // namespace finview::synthetic
