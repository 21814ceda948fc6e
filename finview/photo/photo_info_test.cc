#include "finview/photo/decode.h"

#include "tests/support/photo_fixtures.h"
#include <gtest/gtest.h>

namespace finview {
namespace {

using test::asymmetric_picture;
using test::Bytes;

test::ExifSpec full_exif() {
  test::ExifSpec exif;
  exif.orientation = 6;
  exif.date_time_original = "2012:03:07 14:05:09";
  exif.date_time = "2020:01:01 00:00:00";
  exif.make = "Canon";
  exif.model = "Canon EOS 7D";
  exif.position = GpsPosition{-36.60125, 174.83917, -3.5};
  return exif;
}

std::vector<Bytes> every_format_with(const test::ExifSpec& exif) {
  const cv::Mat picture = asymmetric_picture(40, 30);
  const Bytes block = test::make_exif(exif);
  test::JpegSpec jpeg;
  jpeg.exif = block;
  test::TiffSpec tiff;
  tiff.orientation = exif.orientation ? exif.orientation : 1;
  tiff.date_time = exif.date_time;
  tiff.date_time_original = exif.date_time_original;
  tiff.make = exif.make;
  tiff.model = exif.model;
  tiff.position = exif.position;
  return {test::make_jpeg(picture, jpeg),
          test::make_png(picture, block),
          test::make_webp(picture, block),
          test::make_tiff(picture, tiff)};
}

TEST(PhotoInfo, SaysWhatExifSaysInEveryFormat) {
  for (const bool big_endian : {false, true}) {
    test::ExifSpec exif = full_exif();
    exif.big_endian = big_endian;
    for (const Bytes& bytes : every_format_with(exif)) {
      const PhotoInfo info = read_photo_info({"a", bytes});
      EXPECT_EQ(info.exif_orientation, 6);
      EXPECT_EQ(info.width_px, 30);
      EXPECT_EQ(info.height_px, 40);
      ASSERT_TRUE(info.taken);
      EXPECT_EQ(to_string(*info.taken), "2012-03-07T14:05:09");
      EXPECT_EQ(info.camera, "Canon EOS 7D");
      ASSERT_TRUE(info.position);
      EXPECT_NEAR(info.position->latitude_deg, -36.60125, 1e-6);
      EXPECT_NEAR(info.position->longitude_deg, 174.83917, 1e-6);
      ASSERT_TRUE(info.position->altitude_m);
      EXPECT_NEAR(*info.position->altitude_m, -3.5, 1e-6);
    }
  }
}

TEST(PhotoInfo, FallsBackToDateTimeAndJoinsMakeAndModel) {
  test::ExifSpec exif;
  exif.date_time = "2020:02:29 23:59:58";
  exif.make = "NIKON CORPORATION ";
  exif.model = "D90";
  for (const Bytes& bytes : every_format_with(exif)) {
    const PhotoInfo info = read_photo_info({"a", bytes});
    EXPECT_EQ(info.exif_orientation, 1);
    ASSERT_TRUE(info.taken);
    EXPECT_EQ(to_string(*info.taken), "2020-02-29T23:59:58");
    EXPECT_EQ(info.camera, "NIKON CORPORATION D90");
    EXPECT_FALSE(info.position);
  }
}

TEST(PhotoInfo, LeavesOutWhatDoesNotExist) {
  test::ExifSpec exif;
  exif.orientation = 9;
  exif.position = GpsPosition{91, 10, {}};
  const Bytes block = test::make_exif(exif);
  for (const char* date : {"0000:00:00 00:00:00",
                           "2021:02:29 10:00:00",
                           "2021:02:28 25:00:00",
                           "    :  :     :  :  ",
                           "yesterday"}) {
    exif.date_time_original = date;
    const PhotoInfo info =
        read_photo_info({"a", test::make_png(asymmetric_picture(8, 8), test::make_exif(exif))});
    EXPECT_FALSE(info.taken) << date;
    EXPECT_FALSE(info.position);
    EXPECT_EQ(info.exif_orientation, 1);
  }
}

TEST(PhotoInfo, SurvivesExifWithAnyByteChangedOrCutAway) {
  const Bytes block = test::make_exif(full_exif());
  const cv::Mat picture = asymmetric_picture(8, 6);
  for (std::size_t at = 0; at < block.size(); ++at) {
    for (const std::uint8_t value : {0x00, 0x01, 0x7F, 0xFF}) {
      test::JpegSpec jpeg;
      jpeg.exif = block;
      jpeg.exif[at] = value;
      const PhotoInfo info = read_photo_info({"a", test::make_jpeg(picture, jpeg)});
      EXPECT_EQ(info.width_px * info.height_px, 48);
    }
    test::JpegSpec cut;
    cut.exif.assign(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(at));
    EXPECT_NO_THROW(read_photo_info({"a", test::make_jpeg(picture, cut)}));
  }
}

}  // namespace
}  // namespace finview
