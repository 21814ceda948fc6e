#include "finview/pipeline/dataset_check.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/dataset_page.h"
#include "finview/pipeline/dataset_split.h"

#include <algorithm>
#include <set>

#include "tests/support/photo_fixtures.h"
#include "tests/support/scratch_folder.h"
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

using testing::HasSubstr;

/// A picture like no other: large random blots.
cv::Mat blots(int seed, int width_px = 160, int height_px = 100) {
  cv::Mat small(5, 8, CV_8UC3);
  cv::RNG(static_cast<std::uint64_t>(seed)).fill(small, cv::RNG::UNIFORM, 0, 255);
  cv::Mat picture;
  cv::resize(small, picture, {width_px, height_px}, 0, 0, cv::INTER_CUBIC);
  return picture;
}

class DatasetCheck : public testing::Test {
 protected:
  void write_photo(const std::string& name, const cv::Mat& bgr) {
    const auto bytes = test::make_jpeg(bgr);
    write_file(scratch_ / "photos" / name, std::span<const std::uint8_t>(bytes));
  }
  void write_labels(const std::string& name, std::string_view text) {
    write_file(scratch_ / "labels" / name, text);
  }
  void read() {
    NoProgress silent;
    photos_ = scan_photos(scratch_ / "photos", true, true, silent, {});
    DatasetSource source;
    source.photos = (scratch_ / "photos").string();
    source.labels = (scratch_ / "labels").string();
    source.table = table_;
    dataset_ = read_dataset(source, photos_);
  }

  test::ScratchFolder scratch_;
  std::string table_;
  std::vector<DatasetPhotoFile> photos_;
  Dataset dataset_;
};

TEST_F(DatasetCheck, FindsEachKindOfProblem) {
  write_photo("a.jpg", blots(1));
  write_photo("b.jpg", blots(2));
  write_photo("again.jpg", blots(2, 120, 75));
  write_photo("unlabelled.jpg", blots(3));
  write_file(scratch_ / "photos/broken.jpg", std::string_view("\xff\xd8\xff\xe0 no"));
  write_labels("a.txt", "0 0.5 0.5 0.2 0.2\n0 0.5 0.501 0.2 0.2\n0 0.95 0.5 0.3 0.2\nnonsense\n");
  write_labels("b.txt", "");
  write_labels("again.txt", "0 0.5 0.5 0.02 0.2\n");
  write_labels("broken.txt", "0 0.5 0.5 0.2 0.2\n");
  read();
  const auto problems = dataset_problems(dataset_, photos_);
  const auto expect = [&](ProblemKind kind, const std::string& file, const char* detail) {
    const auto fits = [&](const DatasetProblem& problem) {
      return problem.kind == kind && problem.file == file &&
             problem.detail.find(detail) != std::string::npos;
    };
    EXPECT_EQ(std::count_if(problems.begin(), problems.end(), fits), 1)
        << to_string(kind) << " " << file << "\n"
        << problems_csv(problems);
  };
  expect(ProblemKind::kBadLabel, "a.jpg", "line 4");
  expect(ProblemKind::kBadLabel, "broken.jpg", "left out");
  expect(ProblemKind::kBadPhoto, "broken.jpg", "");
  expect(ProblemKind::kNoLabel, "unlabelled.jpg", "no label");
  expect(ProblemKind::kNoLabel, "broken.jpg", "no label");
  expect(ProblemKind::kOutside, "a.jpg", "16 px outside the photo of 160 x 100");
  expect(ProblemKind::kSmallBox, "again.jpg", "2.4 x 15.0");
  expect(ProblemKind::kSameBox, "a.jpg", "twice");
  expect(ProblemKind::kNoFin, "b.jpg", "without a fin");
  expect(ProblemKind::kNearlySamePhoto, "again.jpg", "b.jpg");
  EXPECT_EQ(problems.size(), 10U) << problems_csv(problems);
}

TEST_F(DatasetCheck, SaysWhichLabelsHaveNoPhotoOrAnotherSize) {
  write_photo("a.jpg", blots(1));
  Dataset dataset;
  dataset.photos = {DatasetPhoto{"a.jpg", 320, 200, "", "", {}},
                    DatasetPhoto{"gone.jpg", 320, 200, "", "", {}}};
  NoProgress silent;
  const auto photos = scan_photos(scratch_ / "photos", false, true, silent, {});
  const std::string csv = problems_csv(dataset_problems(dataset, photos));
  EXPECT_THAT(csv, HasSubstr("no photo,gone.jpg,"));
  EXPECT_THAT(csv, HasSubstr("other size,a.jpg,"));
}

class DatasetSplitting : public DatasetCheck {
 protected:
  /// Photos e<k>_<i>.jpg of encounters with 1, 2, 3 ... photos, known by a table.
  void write_encounters(int num_encounters) {
    std::string table = "file,encounter\n";
    for (int k = 1; k <= num_encounters; ++k) {
      for (int i = 0; i < k; ++i) {
        const std::string name = fmt::format("e{}_{}.jpg", k, i);
        write_photo(name, blots(100 * k + i));
        write_labels(fmt::format("e{}_{}.txt", k, i), "0 0.5 0.5 0.2 0.2\n");
        table += fmt::format("{},{}\n", name, k);
      }
    }
    write_file(scratch_ / "table.csv", std::string_view(table));
    table_ = (scratch_ / "table.csv").string();
  }

  std::set<std::string> groups_of(const std::vector<std::size_t>& indices) const {
    std::set<std::string> groups;
    for (const std::size_t i : indices) groups.insert(dataset_.photos[i].encounter);
    return groups;
  }
};

TEST_F(DatasetSplitting, KeepsEncountersWholeAndComesNearTheShare) {
  write_encounters(8);  // 36 photos
  read();
  std::set<std::vector<std::size_t>> different;
  for (int seed = 0; seed < 10; ++seed) {
    const DatasetSplit split = split_dataset(dataset_, photos_, {0.25, "encounter", seed});
    EXPECT_EQ(split.train.size() + split.test.size(), 36U);
    EXPECT_GE(split.test.size(), 6U);
    EXPECT_LE(split.test.size(), 12U);
    for (const std::string& group : groups_of(split.test)) {
      EXPECT_EQ(groups_of(split.train).count(group), 0U) << group;
    }
    EXPECT_EQ(split.num_groups, 8U);
    EXPECT_EQ(split.largest_group, 8U);
    different.insert(split.test);
    EXPECT_EQ(split_dataset(dataset_, photos_, {0.25, "encounter", seed}).test, split.test);
  }
  EXPECT_GT(different.size(), 5U);
}

TEST_F(DatasetSplitting, NearlySamePhotosJoinTheirEncounters) {
  write_encounters(4);  // 10 photos
  write_photo("e1_0.jpg", blots(4321));
  cv::Mat mirrored;
  cv::flip(blots(4321, 120, 75), mirrored, 1);
  write_photo("e4_2.jpg", mirrored);
  read();
  for (int seed = 0; seed < 10; ++seed) {
    const DatasetSplit split = split_dataset(dataset_, photos_, {0.4, "encounter", seed});
    EXPECT_EQ(split.num_groups, 3U);
    EXPECT_EQ(groups_of(split.test).count("1"), groups_of(split.test).count("4"));
  }
}

TEST_F(DatasetSplitting, WithoutGroupsIsTheSeedsShare) {
  write_encounters(5);  // 15 photos
  read();
  const DatasetSplit split = split_dataset(dataset_, photos_, {0.2, "photo", 100});
  EXPECT_EQ(split.test.size(), 3U);
  EXPECT_EQ(split.num_groups, 15U);
  write_split(dataset_, split, "photos", (scratch_ / "split").string());
  const std::string test = read_text_file(scratch_ / "split/test.txt");
  const std::string train = read_text_file(scratch_ / "split/train.txt");
  EXPECT_EQ(std::count(test.begin(), test.end(), '\n'), 3);
  EXPECT_EQ(std::count(train.begin(), train.end(), '\n'), 12);
  EXPECT_TRUE(train.starts_with("photos/e"));
  EXPECT_THAT(read_text_file(scratch_ / "split/obj.data"), HasSubstr("classes = 1\ntrain = "));
  EXPECT_EQ(read_text_file(scratch_ / "split/obj.names"), "fin\n");
}

TEST_F(DatasetSplitting, RefusesWhatCannotBeDivided) {
  write_encounters(1);
  read();
  EXPECT_THROW(split_dataset(dataset_, photos_, {0.2, "encounter", 1}), Error);
}

TEST(DatasetGroups, ComeFromLabelsNamesAndDates) {
  Dataset dataset;
  dataset.photos = {DatasetPhoto{"0006/HG_120601_244_E3_HT_AII_A_N7.png", 1, 1, "", "", {}},
                    DatasetPhoto{"a/x.jpg", 1, 1, "", "2014-01-05T10:11:12", {}},
                    DatasetPhoto{"a/y.jpg", 1, 1, "SB17", "2014-01-05", {}},
                    DatasetPhoto{"IMG_4903.jpg", 1, 1, "", "", {}}};
  EXPECT_EQ(
      photo_groups(dataset, "encounter"),
      (std::vector<std::string>{
          "encounter 2012-06-01 3", "day 2014-01-05", "encounter SB17", "photo IMG_4903.jpg"}));
  EXPECT_EQ(photo_groups(dataset, "day")[0], "day 2012-06-01");
  EXPECT_EQ(photo_groups(dataset, "folder")[1], "folder a");
  EXPECT_EQ(photo_groups(dataset, "photo")[2], "photo a/y.jpg");
}

TEST_F(DatasetSplitting, PageShowsCountsExamplesAndProblems) {
  write_encounters(3);
  write_photo("<b>&.jpg", blots(77));
  write_labels("<b>&.txt", "");
  read();
  dataset_.photos[1].fins[0].individual = "0243";
  NoProgress silent;
  write_dataset_page(scratch_ / "page.html", dataset_, photos_, 4, 1, silent, {});
  const std::string page = read_text_file(scratch_ / "page.html");
  EXPECT_THAT(page, HasSubstr("<b>7</b>labelled photos"));
  EXPECT_THAT(page, HasSubstr("<b>6</b>fins"));
  EXPECT_THAT(page, HasSubstr("<td>no fin</td><td>&lt;b&gt;&amp;.jpg</td>"));
  EXPECT_THAT(page, HasSubstr("<title>0243: 1</title>"));
  std::size_t num_pictures = 0;
  for (std::size_t at = page.find("data:image/jpeg"); at != std::string::npos;
       at = page.find("data:image/jpeg", at + 1)) {
    ++num_pictures;
  }
  EXPECT_EQ(num_pictures, 4U);
  EXPECT_EQ(page.find("http"), std::string::npos);  // nothing from a network
}

}  // namespace
}  // namespace finview
