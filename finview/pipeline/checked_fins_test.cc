#include "finview/pipeline/checked_fins.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <string>

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

namespace finview {
namespace {

class Notes : public Progress {
 public:
  void update(const std::string&, std::int64_t, std::int64_t) override {}
  void note(const std::string& line) override { text += line + "\n"; }
  std::string text;
};

void write_picture(const std::filesystem::path& path, int value) {
  std::filesystem::create_directories(path.parent_path());
  cv::imwrite(path.string(), cv::Mat(30, 40, CV_8UC3, cv::Scalar::all(value)));
}

TEST(CheckedFins, NamesEveryFaultAndGoesOnWithoutIt) {
  const test::ScratchFolder folder;
  write_picture(folder / "a/1.png", 10);
  write_picture(folder / "a/2.png", 20);
  write_picture(folder / "a/2 again.png", 20);
  write_picture(folder / "b/3.png", 30);
  write_picture(folder / "b/also a.png", 10);
  write_file(folder / "b/broken.png", std::string_view("not a picture"));
  Notes notes;
  const auto fins = read_checked_fins({folder.path()}, "leave-out", notes);
  ASSERT_EQ(fins.size(), 2U);
  EXPECT_EQ(fins[0].label.individual + fins[1].label.individual, "ab");
  EXPECT_NE(notes.text.find("1.png stands under 2 names (a, b)"), std::string::npos);
  EXPECT_NE(notes.text.find("also a.png stands under 2 names"), std::string::npos);
  EXPECT_NE(notes.text.find("copy of another picture of a"), std::string::npos);
  EXPECT_NE(notes.text.find("broken.png"), std::string::npos);
  EXPECT_NE(notes.text.find("4 of 6 pictures left out"), std::string::npos);
}

TEST(CheckedFins, RefusesIfAsked) {
  const test::ScratchFolder folder;
  write_picture(folder / "a/1.png", 10);
  write_picture(folder / "b/1.png", 10);
  NoProgress silent;
  try {
    read_checked_fins({folder.path()}, "refuse", silent);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
    EXPECT_NE(std::string(error.what()).find("2 faults"), std::string::npos);
  }
  write_picture(folder / "b/1.png", 11);
  EXPECT_EQ(read_checked_fins({folder.path()}, "refuse", silent).size(), 2U);
}

}  // namespace
}  // namespace finview
