#include "finview/synthetic/embedding_survey.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/synthetic/file_size_limit_testing.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace finview::synthetic {
namespace {

namespace fs = std::filesystem;

class EmbeddingSurvey : public testing::Test {
 protected:
  EmbeddingSurvey()
      : folder_(fs::path(testing::TempDir()) /
                (std::string("finview-embeddings-") +
                 testing::UnitTest::GetInstance()->current_test_info()->name() + "-" +
                 std::to_string(getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~EmbeddingSurvey() override { fs::remove_all(folder_); }

  static EmbeddingSurveyOptions small() {
    EmbeddingSurveyOptions options;
    options.fins = 6000;
    options.individuals = 300;
    options.dim = 64;
    return options;
  }

  EmbeddingSurveySummary write(const EmbeddingSurveyOptions& options, const std::string& name) {
    return write_embedding_survey(options, folder_ / name, progress_, cancel_);
  }

  std::vector<float> rows(const std::string& name, std::size_t count) const {
    const std::vector<std::uint8_t> bytes = read_file(folder_ / name / "embeddings.npy");
    std::vector<float> values(count);
    EXPECT_EQ(bytes.size(), 128 + 4 * count);
    std::memcpy(values.data(), bytes.data() + bytes.size() - 4 * count, 4 * count);
    return values;
  }

  static double cosine(const std::vector<float>& rows,
                       std::size_t dim,
                       std::size_t a,
                       std::size_t b) {
    double sum = 0;
    for (std::size_t k = 0; k < dim; ++k) {
      sum += static_cast<double>(rows[a * dim + k]) * rows[b * dim + k];
    }
    return sum;
  }

  fs::path folder_;
  NoProgress progress_;
  CancelToken cancel_;
};

TEST_F(EmbeddingSurvey, RowsAreUnitVectorsAndLabelsMatchInNumber) {
  const EmbeddingSurveyOptions options = small();
  EXPECT_EQ(write(options, "out").num_fins, 6000);
  const std::vector<float> values = rows("out", 6000 * 64);
  for (std::size_t i = 0; i < 6000; ++i) EXPECT_NEAR(cosine(values, 64, i, i), 1, 1e-5);
  const CsvTable table = read_csv(folder_ / "out" / "fins.csv");
  ASSERT_EQ(table.rows.size(), 6000U);
  std::set<std::string> files;
  for (const auto& row : table.rows) EXPECT_TRUE(files.insert(row[0]).second) << row[0];
}

TEST_F(EmbeddingSurvey, CountsFollowTheCatalogue) {
  write(small(), "out");
  const CsvTable table = read_csv(folder_ / "out" / "fins.csv");
  std::map<std::string, int> photos;
  std::map<std::string, std::set<std::string>> encounters;
  for (const auto& row : table.rows) {
    ++photos[row[1]];
    encounters[row[1]].insert(row[2]);
  }
  ASSERT_EQ(photos.size(), 300U);
  std::vector<int> counts;
  for (const auto& [individual, count] : photos) {
    counts.push_back(count);
    EXPECT_GE(count, 2);
    EXPECT_LE(encounters[individual].size(), 14U);
  }
  std::sort(counts.begin(), counts.end());
  EXPECT_NEAR(counts[150], 16, 3);  // median of a mean of 20
  EXPECT_GT(counts.back(), 60);
}

TEST_F(EmbeddingSurvey, SimilaritiesAreThoseOfTheModel) {
  EmbeddingSurveyOptions options = small();
  options.quality_noise = 0;
  options.encounter_noise = .5;
  options.photo_noise = .6;
  write(options, "out");
  const std::vector<float> values = rows("out", 6000 * 64);
  const CsvTable table = read_csv(folder_ / "out" / "fins.csv");
  double same[2] = {0, 0};
  double same_count[2] = {0, 0};
  double other_square = 0;
  double other = 0;
  double other_count = 0;
  for (std::size_t i = 0; i < 6000; ++i) {
    for (std::size_t j = i + 1; j < std::min<std::size_t>(6000, i + 90); ++j) {
      const double similarity = cosine(values, 64, i, j);
      if (table.rows[i][1] != table.rows[j][1]) {
        other += similarity;
        other_square += similarity * similarity;
        ++other_count;
      } else {
        const int one_encounter = table.rows[i][2] == table.rows[j][2];
        same[one_encounter] += similarity;
        ++same_count[one_encounter];
      }
    }
  }
  const double length = 1 + .25 + .36;
  EXPECT_NEAR(same[0] / same_count[0], 1 / length, .03);
  EXPECT_NEAR(same[1] / same_count[1], 1.25 / length, .03);
  EXPECT_NEAR(other / other_count, 0, .02);
  // Sum of squared variances: of exp(-k / 24) over 64 axes.
  double sum = 0;
  double squares = 0;
  for (int k = 0; k < 64; ++k) {
    sum += std::exp(-k / 24.);
    squares += std::exp(-2 * k / 24.);
  }
  EXPECT_NEAR(std::sqrt(other_square / other_count), std::sqrt(squares) / sum, .02);
}

TEST_F(EmbeddingSurvey, WorsePhotosLieFartherFromTheirIndividual) {
  EmbeddingSurveyOptions options = small();
  options.quality_noise = 3;
  write(options, "out");
  const std::vector<float> values = rows("out", 6000 * 64);
  const CsvTable table = read_csv(folder_ / "out" / "fins.csv");
  double sums[2] = {0, 0};
  double counts[2] = {0, 0};
  for (std::size_t i = 0; i + 1 < 6000; ++i) {
    if (table.rows[i][1] != table.rows[i + 1][1]) continue;
    const double quality = std::min(std::stod(table.rows[i][5]), std::stod(table.rows[i + 1][5]));
    if (quality > .4 && quality < .6) continue;
    sums[quality >= .6] += cosine(values, 64, i, i + 1);
    ++counts[quality >= .6];
  }
  EXPECT_GT(sums[1] / counts[1], sums[0] / counts[0] + .1);
}

TEST_F(EmbeddingSurvey, IsTheSameForAnyNumberOfThreads) {
  EmbeddingSurveyOptions options = small();
  options.threads = 1;
  write(options, "one");
  options.threads = 3;
  write(options, "three");
  for (const char* file : {"embeddings.npy", "fins.csv", "synth.json"}) {
    EXPECT_EQ(read_file(folder_ / "one" / file), read_file(folder_ / "three" / file)) << file;
  }
  EXPECT_TRUE(write(options, "three").kept);
}

TEST_F(EmbeddingSurvey, TooFewFinsAreRefused) {
  EmbeddingSurveyOptions options = small();
  options.fins = 599;
  options.dim = 1;
  try {
    write(options, "never");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadOptions);
    EXPECT_THAT(error.what(), testing::HasSubstr("at least two each"));
    EXPECT_THAT(error.what(), testing::HasSubstr("dim"));
  }
  EXPECT_FALSE(fs::exists(folder_ / "never"));
}

TEST_F(EmbeddingSurvey, AFullDiskLeavesNothing) {
  {
    const FileSizeLimit limit(100000);
    try {
      write(small(), "full");
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUnavailable);
    }
  }
  for (const auto& entry : fs::directory_iterator(folder_ / "full")) {
    EXPECT_EQ(entry.path().filename(), "synth.json");
  }
  EXPECT_FALSE(write(small(), "full").kept);  // goes on when there is room
}

TEST_F(EmbeddingSurvey, CancelledRunLeavesNothing) {
  cancel_.cancel();
  EXPECT_TRUE(write(small(), "none").cancelled);
  EXPECT_FALSE(fs::exists(folder_ / "none" / "embeddings.npy"));
}

}  // namespace
}  // namespace finview::synthetic
