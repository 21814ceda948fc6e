#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/base/threads.h"

#include <atomic>
#include <cmath>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace finview {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  Files() : folder_(std::filesystem::path(testing::TempDir()) / "finview_files_test") {
    std::filesystem::remove_all(folder_);
  }
  ~Files() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(Files, WritesMakesFoldersAndLeavesNoTemporaryFile) {
  write_file(folder_ / "a" / "b.txt", std::string_view("one"));
  write_file(folder_ / "a" / "b.txt", std::string_view("two"));
  EXPECT_EQ(read_text_file(folder_ / "a" / "b.txt"), "two");
  const std::filesystem::directory_iterator files(folder_ / "a");
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(Files, SayWhyTheyCannotBeRead) {
  write_file(folder_ / "five.bin", std::string_view("12345"));
  EXPECT_THROW(read_file(folder_ / "none"), Error);
  EXPECT_THROW(read_file(folder_), Error);
  try {
    read_file(folder_ / "five.bin", 4);
    FAIL() << "a file above the limit was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
    EXPECT_THAT(error.what(), HasSubstr("5 bytes; the limit is 4"));
  }
}

TEST_F(Files, FailedWriteKeepsTheOldFile) {
  std::filesystem::create_directories(folder_ / "taken");
  try {
    write_file(folder_ / "taken", std::string_view("text"));
    FAIL() << "a folder was overwritten by a file";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUnavailable);
  }
  const std::filesystem::directory_iterator files(folder_);
  EXPECT_EQ(std::distance(begin(files), end(files)), 1) << "a temporary file was left behind";
}

TEST(Sha256, GivesThePublishedValues) {  // FIPS 180-2, appendix B.1, and the empty message
  EXPECT_EQ(sha256_hex(std::string_view("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(std::string_view()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Csv, ReadsBackWhatItWrites) {
  const std::vector<std::string> fields{"plain", "a,b", "say \"hi\"", "two\nlines", "", "Kaikōura"};
  const CsvTable table = parse_csv("a,b,c,d,e,f\n" + csv_line(fields), "test");
  EXPECT_THAT(table.rows, ElementsAre(fields));
}

TEST(Csv, AByteOrderMarkThatBeginsAFieldIsKept) {
  const std::vector<std::string> fields = {
      "\xEF\xBB\xBF"
      "a",
      "b"};
  EXPECT_EQ(parse_csv(csv_line(fields), "test").header, fields);
  EXPECT_EQ(parse_csv("\xEF\xBB\xBF"
                      "a,b\n",
                      "test")
                .header[0],
            "a");
}

TEST(Csv, AcceptsByteOrderMarkCarriageReturnsAndNoLastLineBreak) {
  const CsvTable table = parse_csv(
      "\xEF\xBB\xBF"
      "x,y\r\n1,2\r\n\r\n3,4",
      "test");
  EXPECT_THAT(table.header, ElementsAre("x", "y"));
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("1", "2"), ElementsAre("3", "4")));
}

TEST(Csv, NamesTheFaultyLine) {
  const auto message = [](const char* text) -> std::string {
    try {
      parse_csv(text, "labels.csv").column("z");
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message("x,y\n1,2\n3\n"), HasSubstr("labels.csv, line 3 has 1 fields"));
  EXPECT_THAT(message("x,y\n1,\"2\n3,4\n"), HasSubstr("line 2: a quote is never closed"));
  EXPECT_THAT(message("x,y\n1,2\n"), HasSubstr("no column \"z\"; the columns are x, y"));
  EXPECT_THAT(message(""), HasSubstr("a header is needed"));
}

struct Ranged {
  std::int64_t top = 5;
  double share = 0.5;
  std::string form = "crops";
  void visit(OptionVisitor& visitor) {
    visitor.field("top", top, "", 1, 10);
    visitor.field("share", share, "", 0.0, 1.0);
    visitor.field("form", form, "", {"crops", "photos"});
  }
};

TEST(Options, EveryValueOutOfRangeIsNamedAtOnce) {
  EXPECT_NO_THROW(check_options(Ranged{}));
  EXPECT_NO_THROW(check_options(Ranged{.top = 10, .share = 0}));
  try {
    check_options(Ranged{.top = 11, .share = std::nan(""), .form = "x"});
    FAIL() << "three faults were accepted";
  } catch (const Error& error) {
    EXPECT_EQ(exit_code(error.kind()), 2);
    EXPECT_THAT(error.what(), HasSubstr("--top is 11"));
    EXPECT_THAT(error.what(), HasSubstr("--share is nan"));
    EXPECT_THAT(error.what(), HasSubstr("--form is \"x\""));
  }
}

TEST(ParallelFor, CallsEachIndexOnceWhateverTheThreads) {
  for (const int threads : {0, 1, 2, 7}) {
    std::vector<std::atomic<int>> calls(100);
    parallel_for(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
    for (const auto& count : calls) EXPECT_EQ(count, 1);
  }
}

TEST(ParallelFor, RethrowsAndStops) {
  std::atomic<int> calls{0};
  const auto work = [&](std::size_t i) {
    ++calls;
    if (i == 3) throw Error(ErrorKind::kBadInput, "third");
  };
  EXPECT_THROW(parallel_for(100000, 2, work), Error);
  EXPECT_LT(calls, 100000);
}

TEST(FormatSeconds, IsShortAndRounded) {
  EXPECT_EQ(format_seconds(3.14159), "3.1 s");
  EXPECT_EQ(format_seconds(245.2), "4 min 05 s");
  EXPECT_EQ(format_seconds(7265), "2 h 01 min");
}

}  // namespace
}  // namespace finview
