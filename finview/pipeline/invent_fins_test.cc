#include "finview/pipeline/invent_fins.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/synthetic/camera.h"
#include "finview/synthetic/file_size_limit_testing.h"
#include "finview/synthetic/render.h"

#include <map>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

namespace fs = std::filesystem;

class InventFins : public testing::Test {
 protected:
  InventFins()
      : folder_(fs::path(testing::TempDir()) /
                (std::string("finview-invent-") +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "fins");
    for (const std::uint64_t seed : {9, 12}) {
      const synthetic::Genotype genotype =
          synthetic::make_genotype(synthetic::Species::kOrcaFemale, seed);
      const synthetic::RenderedCrop crop = synthetic::render_fin_crop(
          synthetic::random_scene(seed), {&genotype, synthetic::Side::kLeft}, 160, seed);
      write_file(folder_ / "fins" / ("fin" + std::to_string(seed) + ".jpg"),
                 synthetic::encode_jpeg(crop.bgr, 95));
    }
    write_file(folder_ / "fins" / "broken.jpg", std::string_view("no picture"));
    cv::imwrite((folder_ / "fins" / "plain.png").string(),
                cv::Mat(200, 200, CV_8UC3, cv::Scalar(90, 90, 90)));
    options_.identities = 2;
    options_.photos = 3;
    options_.min_mask_confidence = 0;
    options_.threads = 1;
  }
  ~InventFins() override { fs::remove_all(folder_); }

  InventFinsSummary invent(const std::string& out) {
    return invent_fins(folder_ / "fins", options_, folder_ / out, progress_, cancel_);
  }

  std::map<std::string, std::vector<std::uint8_t>> contents(const std::string& out) const {
    std::map<std::string, std::vector<std::uint8_t>> result;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / out)) {
      if (!entry.is_regular_file()) continue;
      result[fs::relative(entry.path(), folder_ / out).string()] = read_file(entry.path());
    }
    return result;
  }

  fs::path folder_;
  InventFinsOptions options_;
  NoProgress progress_;
  CancelToken cancel_;
};

TEST_F(InventFins, WritesPicturesWithTruthAndLeavesBadOnesOut) {
  const InventFinsSummary summary = invent("out");
  EXPECT_EQ(summary.num_parents, 3);  // one file is no picture
  EXPECT_EQ(summary.num_left_out, 1);
  EXPECT_EQ(summary.num_individuals, 4);
  const CsvTable truth = read_csv(folder_ / "out" / "truth.csv");
  ASSERT_EQ(truth.rows.size(), 12U);
  for (const auto& row : truth.rows) {
    const std::string photo = fs::path(row[0]).stem().string();
    const cv::Mat bgr = cv::imread((folder_ / "out" / row[0]).string());
    const cv::Mat mask = cv::imread(
        (folder_ / "out" / "masks" / row[1] / (photo + ".png")).string(), cv::IMREAD_GRAYSCALE);
    ASSERT_FALSE(bgr.empty()) << row[0];
    ASSERT_EQ(mask.size(), bgr.size());
    EXPECT_GT(cv::countNonZero(mask), 500);
    const CsvTable edge = read_csv(folder_ / "out" / "edges" / row[1] / (photo + ".csv"));
    EXPECT_GE(edge.rows.size(), 16U);
    EXPECT_TRUE(row[2] == "fin9.jpg" || row[2] == "fin12.jpg") << row[2];
  }
  const CsvTable left_out = read_csv(folder_ / "out" / "left_out.csv");
  ASSERT_EQ(left_out.rows.size(), 1U);
  EXPECT_EQ(left_out.rows[0][0], "plain.png");
  EXPECT_FALSE(left_out.rows[0][1].empty());
}

TEST_F(InventFins, ThreadsAndInterruptionsChangeNothing) {
  invent("one");
  options_.threads = 2;
  invent("two");
  const auto whole = contents("one");
  EXPECT_EQ(whole, contents("two"));
  fs::remove_all(folder_ / "two" / "catalogue" / "invented-00001-01");
  fs::remove(folder_ / "two" / "truth" / "invented-00001-01.csv");
  fs::remove(folder_ / "two" / "truth.csv");
  invent("two");
  EXPECT_EQ(whole, contents("two"));
}

TEST_F(InventFins, OtherOptionsInTheSameFolderAreAConflict) {
  invent("out");
  options_.seed = 2;
  try {
    invent("out");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kConflict);
  }
}

TEST_F(InventFins, AFullDiskLeavesNoHalfPicture) {
  {
    const synthetic::FileSizeLimit limit(2500);
    try {
      invent("full");
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUnavailable);
    }
  }
  for (const auto& [path, bytes] : contents("full")) {
    EXPECT_NE(fs::path(path).extension(), ".jpg") << path << " has " << bytes.size() << " bytes";
    EXPECT_NE(fs::path(path).extension(), ".part") << path;
  }
  EXPECT_EQ(invent("full").num_individuals, 4);  // goes on when there is room
}

TEST_F(InventFins, ImpossibleSharesAreRefused) {
  options_.own_background = .8;
  options_.plain_background = .5;
  try {
    invent("out");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadOptions);
  }
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

}  // namespace
}  // namespace finview
