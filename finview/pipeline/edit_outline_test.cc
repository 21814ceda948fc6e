#include "finview/pipeline/edit_outline.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/outline_edits.h"
#include "finview/pipeline/outline_pictures.h"
#include "finview/pipeline/write_outlines.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

namespace finview {
namespace {

namespace fs = std::filesystem;

class EditOutline : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    const internal::OutlinePicture fin = internal::fin_crop_of(internal::render_outline_picture(4));
    std::vector<std::uint8_t> bytes;
    cv::imencode(".png", fin.bgr, bytes);
    write_file(picture_, std::span<const std::uint8_t>(bytes));
    size_ = fin.bgr.size();
    options_.edits = folder_ / "edits/a.png.json";
    options_.out = folder_ / "outline.json";
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write_history(const std::string& text) const { write_file(options_.edits, text); }

  /// A triangle over the picture, then a notch in it.
  std::string two_edits() const {
    const int w = size_.width;
    const int h = size_.height;
    return nlohmann::json{{"edits",
                           {{{"tool", "outline"},
                             {"points", {{w * .1, h * .9}, {w * .5, h * .1}, {w * .9, h * .9}}},
                             {"who", "Ann"},
                             {"when", "2026-05-01T10:00:00Z"}},
                            {{"tool", "stretch"},
                             {"points", {{w * .6, h * .3}, {w * .55, h * .5}, {w * .75, h * .6}}},
                             {"who", "Ben"},
                             {"when", "2026-05-02T10:00:00Z"}}}}}
        .dump();
  }

  nlohmann::json written() const {
    return nlohmann::json::parse(read_text_file(options_.out))["fins"][0];
  }

  fs::path folder_ = fs::path(testing::TempDir()) / "edit_outline";
  fs::path picture_ = folder_ / "fins/a.png";
  cv::Size size_;
  EditOutlineOptions options_;
};

TEST_F(EditOutline, ReplacesTheAutomaticOneAndKeepsWhoAndWhen) {
  write_history(two_edits());
  options_.features_out = folder_ / "features";
  const EditedPicture edited = edit_outline(picture_, options_);
  EXPECT_EQ(edited.history.num_done, 2U);
  EXPECT_EQ(written()["mask_source"], "by hand");
  EXPECT_EQ(written()["edited_by"], "Ben");
  EXPECT_EQ(written()["edited_at"], "2026-05-02T10:00:00Z");
  EXPECT_EQ(written()["notches"].size(), 1U);
  EXPECT_EQ(std::distance(fs::directory_iterator(options_.features_out), {}), 6);
}

TEST_F(EditOutline, UndoesInTheFileAndForgetsNothing) {
  write_history(two_edits());
  options_.undo = 1;
  EXPECT_EQ(edit_outline(picture_, options_).found.outline.edited_by, "Ann");
  EXPECT_TRUE(written()["notches"].empty());
  EXPECT_EQ(edit_outline(picture_, options_).found.outline.mask_source, MaskSource::kAutomatic);
  EXPECT_FALSE(written().contains("edited_by"));
  EXPECT_THROW(edit_outline(picture_, options_), Error);
  options_.undo = 0;
  options_.redo = 2;
  EXPECT_EQ(edit_outline(picture_, options_).found.outline.edited_by, "Ben");
  EXPECT_EQ(read_edits(options_.edits).edits.size(), 2U);
}

TEST_F(EditOutline, IsUsedByOutlineToo) {
  write_history(two_edits());
  OutlineFilesOptions options;
  options.edits = folder_ / "edits";
  NoProgress silent;
  const auto found = write_outlines({(folder_ / "fins").string()}, options, silent, CancelToken());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].outline.edited_by, "Ben");
  write_history("{");
  const auto failed = write_outlines({(folder_ / "fins").string()}, options, silent, CancelToken());
  EXPECT_NE(failed.at(0).failure.find("a.png.json"), std::string::npos);
}

TEST_F(EditOutline, ReadsAndWritesEveryTool) {
  const std::string who = R"("who": "Ann", "when": "2026-05-01")";
  write_history(
      R"({"num_done": 3, "edits": [)"
      R"({"tool": "extreme points", "points": [[1, 9], [9, 8.5], [5, 1], [6, 12]], )" +
      who + "}," +
      R"({"tool": "strokes", "strokes": [{"fin": false, "radius_px": 2, "points": [[3, 4]]}], )" +
      who + "}," + R"({"tool": "stretch", "points": [[1, 2], [3, 4]], )" + who + "}," +
      R"({"tool": "filter", "mask": {"gain": 1, "bias": -20, "gamma": 0.5}, )" +
      R"("picture": {"gain": 2, "bias": 0, "gamma": 1}, "invert": true, )" + who + "}]}");
  const EditHistory history = read_edits(options_.edits);
  ASSERT_EQ(history.edits.size(), 4U);
  EXPECT_EQ(history.num_done, 3U);
  EXPECT_EQ(std::get<ExtremePoints>(history.edits[0].tool).points[1], cv::Point2f(9, 8.5));
  EXPECT_FALSE(std::get<Strokes>(history.edits[1].tool).strokes[0].is_fin);
  EXPECT_FALSE(std::get<PolygonEdit>(history.edits[2].tool).is_whole);
  EXPECT_EQ(std::get<ManualFilter>(history.edits[3].tool).mask.bias, -20);
  const std::string before = read_text_file(options_.edits);
  write_edits(history, options_.edits);
  EXPECT_EQ(nlohmann::json::parse(read_text_file(options_.edits)), nlohmann::json::parse(before));
}

TEST_F(EditOutline, SaysWhichEditIsWrongAndWhy) {
  const std::string who = R"("who": "Ann", "when": "2026-05-01")";
  const std::pair<std::string, std::string> bad[] = {
      {R"({"tool": "outline", "points": [[1, 2], [3, 4]], )" + who + "}", "it must be 3 to"},
      {R"({"tool": "outline", "points": [[1, 2, 3]], )" + who + "}", "no point"},
      {R"({"tool": "paint", )" + who + "}", "no tool"},
      {R"({"tool": "stretch", "points": [[1, 2], [3, 4]], "when": "2026"})", "who"},
      {R"({"tool": "stretch", "points": [[1, 2], [3, 4]], "size": 3, )" + who + "}", "size"},
      {R"({"tool": "strokes", "strokes": [], )" + who + "}", "0 strokes"}};
  for (const auto& [edit, reason] : bad) {
    write_history(R"({"edits": [)" + edit + "]}");
    try {
      read_edits(options_.edits);
      FAIL() << edit;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
      EXPECT_NE(std::string(error.what()).find("edit 1"), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
    }
  }
  EXPECT_THROW(read_edits(folder_ / "none.json"), Error);
}

}  // namespace
}  // namespace finview
