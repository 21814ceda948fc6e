#include "finview/training/detection_pack.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace finview {
namespace {

using ::testing::HasSubstr;

DetectionSample small_sample() {
  DetectionSample sample;
  sample.name = "a b.jpg";
  sample.group = "trip 1";
  sample.width_px = 3;
  sample.height_px = 2;
  for (std::uint8_t i = 0; i < 18; ++i) sample.rgb.push_back(i);
  Detection box;
  box.left_px = 0.5F;
  box.right_px = 3;
  box.bottom_px = 1.25F;
  box.confidence = 1;
  sample.boxes = {box};
  return sample;
}

std::filesystem::path scratch(const char* name) {
  return std::filesystem::path(testing::TempDir()) / name;
}

std::string error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(DetectionPack, ComesBackAsWritten) {
  DetectionPack pack;
  pack.samples = {small_sample(), small_sample()};
  pack.samples[1].role = SampleRole::kCutout;
  pack.samples[1].mask = {0, 1, 2, 3, 4, 255};
  pack.write(scratch("good.pack"));
  const DetectionPack read = DetectionPack::read(scratch("good.pack"));
  ASSERT_EQ(read.samples.size(), 2U);
  EXPECT_EQ(read.samples[0].name, "a b.jpg");
  EXPECT_EQ(read.samples[0].group, "trip 1");
  EXPECT_EQ(read.samples[0].rgb, pack.samples[0].rgb);
  EXPECT_TRUE(read.samples[0].mask.empty());
  EXPECT_EQ(read.samples[1].role, SampleRole::kCutout);
  EXPECT_EQ(read.samples[1].mask, pack.samples[1].mask);
  ASSERT_EQ(read.samples[1].boxes.size(), 1U);
  EXPECT_EQ(read.samples[1].boxes[0].bottom_px, 1.25F);
}

TEST(DetectionPack, RefusesABoxOutsideThePicture) {
  DetectionPack pack;
  pack.samples = {small_sample()};
  pack.samples[0].boxes[0].right_px = 3.5F;
  EXPECT_THAT(error_of([&] { pack.write(scratch("bad.pack")); }), HasSubstr("a b.jpg"));
}

TEST(DetectionPack, SaysWhereAFileBreaksOff) {
  DetectionPack pack;
  pack.samples = {small_sample(), small_sample()};
  pack.write(scratch("whole.pack"));
  auto bytes = read_file(scratch("whole.pack"));
  bytes.resize(bytes.size() - 5);
  write_file(scratch("cut.pack"), std::span<const std::uint8_t>(bytes));
  EXPECT_THAT(error_of([] { DetectionPack::read(scratch("cut.pack")); }), HasSubstr("sample 1"));
}

TEST(DetectionPack, RefusesOtherFiles) {
  write_file(scratch("text.pack"), std::string_view("something else, long enough for a head"));
  EXPECT_THAT(error_of([] { DetectionPack::read(scratch("text.pack")); }),
              HasSubstr("not a detection pack"));
}

}  // namespace
}  // namespace finview
