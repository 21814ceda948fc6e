#include "finview/base/error.h"
#include "finview/photo/decode.h"

#include <map>
#include <random>

#include "tests/support/photo_fixtures.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <sys/resource.h>

namespace finview {
namespace {

using test::asymmetric_picture;
using test::Bytes;
using testing::AllOf;
using testing::HasSubstr;

// The sentence a whole decode fails with; empty if it does not fail.
std::string fault_of(const Bytes& bytes, const std::string& name = "trip/a.jpg") {
  try {
    const PhotoFile file{name, bytes};
    decode_photo(file, read_photo_info(file));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
    return error.what();
  }
  return {};
}

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

Bytes first_part(const Bytes& bytes, double part) {
  const auto count = static_cast<std::ptrdiff_t>(part * static_cast<double>(bytes.size()));
  return {bytes.begin(), bytes.begin() + count};
}

cv::Mat noisy_picture(int width_px, int height_px) {
  cv::Mat picture = asymmetric_picture(width_px, height_px);
  cv::Mat noise(picture.size(), CV_8UC3);
  cv::RNG(3).fill(noise, cv::RNG::UNIFORM, 0, 40);
  return picture + noise;
}

std::map<std::string, Bytes> every_format(int width_px, int height_px) {
  const cv::Mat picture = noisy_picture(width_px, height_px);
  test::JpegSpec progressive;
  progressive.progressive = true;
  test::TiffSpec lzw;
  lzw.compressed = true;
  return {{"jpeg", test::make_jpeg(picture)},
          {"progressive jpeg", test::make_jpeg(picture, progressive)},
          {"png", test::make_png(picture)},
          {"interlaced png", test::make_interlaced_png(picture)},
          {"tiff", test::make_tiff(picture)},
          {"lzw tiff", test::make_tiff(picture, lzw)},
          {"webp", test::make_webp(picture)},
          {"bmp", test::make_bmp(picture)}};
}

TEST(BadPhoto, NamesTheFileAndWhatItIs) {
  EXPECT_EQ(fault_of({}), "trip/a.jpg: the file is empty (0 bytes)");
  const std::pair<std::string, std::string> cases[] = {
      {"Date,Time\n2012,3\n", "but text"},
      {"<!DOCTYPE html><html><body>404</body></html>", "but an HTML page"},
      {std::string("\0\0\0\x18"
                   "ftypheic\0\0\0\0",
                   16),
       "but an HEIC photo"},
      {std::string("II*\0\x10\0\0\0CR\2\0", 12), "but a camera RAW file"},
      {std::string("PK\3\4........", 12), "but a zip archive"},
      {std::string(600, '\0'), "nothing but zero bytes"},
      {"\x01\x02\x03\x04\x05", "unknown kind (starts with 01 02 03 04)"}};
  for (const auto& [content, found] : cases) {
    EXPECT_THAT(fault_of(bytes_of(content)),
                AllOf(HasSubstr("trip/a.jpg: "),
                      HasSubstr(found),
                      HasSubstr("JPEG, PNG, TIFF, WebP and BMP")));
  }
  const Bytes tiff = test::make_tiff(asymmetric_picture(8, 8));
  EXPECT_EQ(fault_of(tiff, "a.tif"), "");
  EXPECT_THAT(fault_of(tiff, "a.NEF"), HasSubstr("a camera RAW file"));
}

TEST(BadPhoto, TruncatedAnywhereIsAnErrorAndNeverAPicture) {
  testing::internal::CaptureStderr();
  for (const auto& [format, bytes] : every_format(120, 90)) {
    for (const double part : {0.05, 0.3, 0.5, 0.8, 0.97}) {
      const std::string fault = fault_of(first_part(bytes, part));
      EXPECT_THAT(fault, HasSubstr("trip/a.jpg: the ")) << format << " cut at " << part;
    }
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(BadPhoto, TruncatedJpegSaysAboutWhichRow) {
  const Bytes bytes = test::make_jpeg(noisy_picture(640, 480));
  const std::string fault = fault_of(first_part(bytes, 0.5));
  EXPECT_THAT(fault, HasSubstr("truncated: its data end at about row "));
  const int row = std::stoi(fault.substr(fault.find("row ") + 4));
  EXPECT_NEAR(row, 240, 48);
  EXPECT_THAT(fault, HasSubstr(" of 480"));
}

TEST(BadPhoto, TruncatedJpegFailsReducedToo) {
  const PhotoFile file{"a.jpg", first_part(test::make_jpeg(noisy_picture(640, 480)), 0.5)};
  const PhotoInfo info = read_photo_info(file);
  EXPECT_THROW(decode_reduced(file, info, 100), Error);
  EXPECT_THROW(decode_region(file, info, {0, 400, 640, 80}), Error);
}

TEST(BadPhoto, BytesAfterTheJpegAreNoFault) {
  Bytes bytes = test::make_jpeg(asymmetric_picture(64, 64));
  bytes.insert(bytes.end(), 1000, 0x55);
  EXPECT_EQ(fault_of(bytes), "");
}

long peak_memory_kb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

Bytes huge_jpeg_header(bool progressive) {
  test::JpegSpec spec;
  spec.progressive = progressive;
  Bytes bytes = test::make_jpeg(asymmetric_picture(16, 16), spec);
  for (std::size_t i = 0; i + 9 < bytes.size(); ++i) {
    if (bytes[i] == 0xFF && (bytes[i + 1] == 0xC0 || bytes[i + 1] == 0xC2)) {
      bytes[i + 5] = bytes[i + 7] = 60000 >> 8;
      bytes[i + 6] = bytes[i + 8] = 60000 & 0xFF;
      return bytes;
    }
  }
  return bytes;
}

TEST(BadPhoto, HugeHeadersAreRefusedWithTheNumbersAndWithoutMemory) {
  const long before_kb = peak_memory_kb();
  for (const Bytes& bytes : {test::make_png_header(60000, 60000), huge_jpeg_header(false)}) {
    EXPECT_EQ(
        fault_of(bytes),
        bytes[0] == 0xFF
            ? "trip/a.jpg: 60000 x 60000 pixels would need 10800000000 bytes to decode, above "
              "the limit of 400000000 bytes; make the photo smaller or raise the limit"
            : "trip/a.jpg: 60000 x 60000 pixels would need 10802880000 bytes to decode, above "
              "the limit of 400000000 bytes; make the photo smaller or raise the limit");
  }
  const PhotoFile progressive{"a.jpg", huge_jpeg_header(true)};
  const PhotoInfo info = read_photo_info(progressive);
  EXPECT_THROW(decode_reduced(progressive, info, 100), Error);
  EXPECT_THROW(decode_region(progressive, info, {0, 0, 10, 10}), Error);
  EXPECT_THAT(fault_of(test::make_png_header(70000, 2)),
              HasSubstr("70000 x 2 pixels is above the limit of 65500 pixels a side"));
  EXPECT_LT(peak_memory_kb() - before_kb, 50000);
}

TEST(BadPhoto, LimitIsOnWhatIsDecoded) {
  const PhotoFile file{"a.jpg", test::make_jpeg(asymmetric_picture(400, 300))};
  const PhotoInfo info = read_photo_info(file);
  DecodeLimits limits;
  limits.max_decoded_bytes = 100'000;
  EXPECT_THROW(decode_photo(file, info, limits), Error);
  EXPECT_EQ(decode_reduced(file, info, 200, limits).bgr.cols, 200);
  EXPECT_EQ(decode_region(file, info, {10, 10, 100, 100}, limits).bgr.cols, 100);
}

TEST(BadPhoto, AnyDamageEndsInAnErrorOrAPicture) {
  testing::internal::CaptureStderr();
  std::mt19937 random(20120307);
  DecodeLimits limits;
  limits.max_decoded_bytes = 20'000'000;
  for (const auto& [format, bytes] : every_format(40, 30)) {
    for (int round = 0; round < 400; ++round) {
      PhotoFile file{"a", bytes};
      const std::size_t reach = round % 2 ? bytes.size() : std::min<std::size_t>(bytes.size(), 300);
      for (int flips = 1 + round % 4; flips > 0; --flips) {
        file.bytes[random() % reach] = static_cast<std::uint8_t>(random());
      }
      if (round % 5 == 0) file.bytes.resize(random() % bytes.size());
      try {
        const PhotoInfo info = read_photo_info(file);
        const Picture picture = decode_photo(file, info, limits);
        EXPECT_EQ(picture.bgr.cols, info.width_px) << format;
        EXPECT_EQ(picture.bgr.rows, info.height_px) << format;
        const cv::Rect region(info.width_px / 2, info.height_px / 2, 1, 1);
        decode_region(file, info, region, limits);
        decode_reduced(file, info, 9, limits);
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
      }
    }
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace finview
