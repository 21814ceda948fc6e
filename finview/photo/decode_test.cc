#include "finview/photo/decode.h"

#include "finview/base/error.h"

#include <cmath>

#include "tests/support/photo_fixtures.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

using test::asymmetric_picture;
using test::Bytes;
using test::JpegColor;
using test::JpegSpec;

Picture decode(const Bytes& bytes) {
  const PhotoFile file{"a.photo", bytes};
  return decode_photo(file, read_photo_info(file));
}

bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

// OpenCV's own decoder, its EXIF turning off, as the independent reading of a file.
cv::Mat opencv_bgr(const Bytes& bytes) {
  return cv::imdecode(bytes, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
}

// EXIF 2.3, tag 0x112: which side of the upright photo the stored row 0 and column 0 are.
cv::Mat turned_by_definition(const cv::Mat& stored, int orientation) {
  const bool lying = orientation >= 5;
  cv::Mat upright(lying ? stored.cols : stored.rows, lying ? stored.rows : stored.cols, CV_8UC3);
  const int last_x = upright.cols - 1;
  const int last_y = upright.rows - 1;
  for (int y = 0; y < upright.rows; ++y) {
    for (int x = 0; x < upright.cols; ++x) {
      const cv::Point source[] = {{x, y},
                                  {last_x - x, y},
                                  {last_x - x, last_y - y},
                                  {x, last_y - y},
                                  {y, x},
                                  {y, last_x - x},
                                  {last_y - y, last_x - x},
                                  {last_y - y, x}};
      upright.at<cv::Vec3b>(y, x) = stored.at<cv::Vec3b>(source[orientation - 1]);
    }
  }
  return upright;
}

cv::Mat with_alpha(const cv::Mat& bgr) {
  cv::Mat bgra;
  cv::cvtColor(bgr, bgra, cv::COLOR_BGR2BGRA);
  for (int y = 0; y < bgra.rows; ++y) {
    for (int x = 0; x < bgra.cols; ++x) {
      bgra.at<cv::Vec4b>(y, x)[3] = static_cast<std::uint8_t>((x * 7 + y * 3) % 5 ? x * y : 0);
    }
  }
  return bgra;
}

class DecodeOrientation : public testing::TestWithParam<int> {};

TEST_P(DecodeOrientation, TurnsJpegUprightWholeReducedAndByRegion) {
  test::ExifSpec exif;
  exif.orientation = GetParam();
  JpegSpec spec;
  spec.exif = test::make_exif(exif);
  const PhotoFile file{"a.jpg", test::make_jpeg(asymmetric_picture(203, 117), spec)};
  const PhotoInfo info = read_photo_info(file);
  const cv::Mat expected = turned_by_definition(opencv_bgr(file.bytes), GetParam());
  EXPECT_EQ(info.exif_orientation, GetParam());
  EXPECT_EQ(cv::Size(info.width_px, info.height_px), expected.size());
  EXPECT_TRUE(same(decode_photo(file, info).bgr, expected));

  const cv::Rect region(31, 44, 50, 61);
  EXPECT_TRUE(same(decode_region(file, info, region).bgr, expected(region)));

  const Picture half = decode_reduced(file, info, 60);
  EXPECT_EQ(half.scale, 0.5);
  const cv::Mat half_stored =
      cv::imdecode(file.bytes, cv::IMREAD_REDUCED_COLOR_2 | cv::IMREAD_IGNORE_ORIENTATION);
  EXPECT_TRUE(same(half.bgr, turned_by_definition(half_stored, GetParam())));
}

TEST_P(DecodeOrientation, TurnsEveryOtherFormatOnce) {
  const cv::Mat stored = asymmetric_picture(61, 43);
  const cv::Mat expected = turned_by_definition(stored, GetParam());
  test::ExifSpec exif;
  exif.orientation = GetParam();
  exif.big_endian = true;
  test::TiffSpec tiff;
  tiff.orientation = GetParam();
  for (const Bytes& bytes : {test::make_png(stored, test::make_exif(exif)),
                             test::make_webp(stored, test::make_exif(exif)),
                             test::make_tiff(stored, tiff)}) {
    const PhotoFile file{"a.photo", bytes};
    const PhotoInfo info = read_photo_info(file);
    EXPECT_EQ(info.exif_orientation, GetParam());
    EXPECT_TRUE(same(decode_photo(file, info).bgr, expected));
    const cv::Rect region(3, 11, 20, 17);
    EXPECT_TRUE(same(decode_region(file, info, region).bgr, expected(region)));
    const Picture reduced = decode_reduced(file, info, 30);
    EXPECT_EQ(std::max(reduced.bgr.cols, reduced.bgr.rows), 30);
    cv::Mat small;
    cv::resize(expected, small, reduced.bgr.size(), 0, 0, cv::INTER_AREA);
    EXPECT_TRUE(same(reduced.bgr, small));
  }
}

INSTANTIATE_TEST_SUITE_P(All, DecodeOrientation, testing::Range(1, 9));

TEST(Decode, JpegHasThePixelsOpencvReads) {
  const cv::Mat picture = asymmetric_picture(331, 257);
  for (const bool progressive : {false, true}) {
    for (const int step_x : {1, 2}) {
      for (const int step_y : {1, 2}) {
        JpegSpec spec;
        spec.progressive = progressive;
        spec.chroma_step_x = step_x;
        spec.chroma_step_y = step_y;
        const Bytes bytes = test::make_jpeg(picture, spec);
        EXPECT_TRUE(same(decode(bytes).bgr, opencv_bgr(bytes)));
      }
    }
  }
  JpegSpec rgb;
  rgb.color = JpegColor::kRgb;
  rgb.chroma_step_x = rgb.chroma_step_y = 1;
  EXPECT_LT(cv::norm(decode(test::make_jpeg(picture, rgb)).bgr, picture, cv::NORM_INF), 12);
}

TEST(Decode, RegionOfAJpegIsExactlyThatPartOfTheWhole) {
  cv::Mat picture(400, 640, CV_8UC3);
  cv::RNG random(7);
  random.fill(picture, cv::RNG::UNIFORM, 0, 256);
  cv::GaussianBlur(picture, picture, {5, 5}, 0);
  for (const bool progressive : {false, true}) {
    for (const int step : {1, 2}) {
      JpegSpec spec;
      spec.progressive = progressive;
      spec.chroma_step_x = 2;
      spec.chroma_step_y = step;
      const PhotoFile file{"a.jpg", test::make_jpeg(picture, spec)};
      const PhotoInfo info = read_photo_info(file);
      const cv::Mat whole = decode_photo(file, info).bgr;
      for (int i = 0; i < 60; ++i) {
        const int left = random.uniform(0, 640);
        const int top = random.uniform(0, 400);
        const cv::Rect region(
            left, top, random.uniform(1, 641 - left), random.uniform(1, 401 - top));
        ASSERT_TRUE(same(decode_region(file, info, region).bgr, whole(region)))
            << region << " progressive " << progressive << " step " << step;
      }
    }
  }
}

TEST(Decode, ReducedIsAtLeastAsLargeAsAskedAndLessThanTwice) {
  const PhotoFile file{"a.jpg", test::make_jpeg(asymmetric_picture(1001, 667))};
  const PhotoInfo info = read_photo_info(file);
  for (const int wanted : {1, 100, 125, 126, 127, 250, 251, 252, 400, 501, 502, 1001, 5000}) {
    const Picture picture = decode_reduced(file, info, wanted);
    const int longest = std::max(picture.bgr.cols, picture.bgr.rows);
    EXPECT_GE(longest, std::min(wanted, 1001));
    if (wanted >= 126 && wanted <= 1001) {
      EXPECT_LT(longest, 2 * wanted);
    }
    EXPECT_EQ(picture.bgr.cols, static_cast<int>(std::ceil(1001 * picture.scale)));
    EXPECT_EQ(picture.bgr.rows, static_cast<int>(std::ceil(667 * picture.scale)));
  }
}

TEST(Decode, GrayAndInkJpegsBecomeBgr) {
  const cv::Mat picture = asymmetric_picture(80, 60);
  cv::Mat gray;
  cv::cvtColor(picture, gray, cv::COLOR_BGR2GRAY);
  JpegSpec spec;
  spec.color = JpegColor::kGray;
  spec.chroma_step_x = spec.chroma_step_y = 1;
  const cv::Mat decoded = decode(test::make_jpeg(gray, spec)).bgr;
  cv::Mat planes[3];
  cv::split(decoded, planes);
  EXPECT_TRUE(same(planes[0], planes[1]) && same(planes[1], planes[2]));
  EXPECT_LT(cv::norm(planes[0], gray, cv::NORM_INF), 8);

  // Inverted inks without black are plain RGB.
  cv::Mat inks(picture.size(), CV_8UC4, cv::Scalar::all(255));
  const int from_to[] = {2, 0, 1, 1, 0, 2};
  cv::mixChannels(&picture, 1, &inks, 1, from_to, 3);
  for (const JpegColor color : {JpegColor::kCmyk, JpegColor::kYcck}) {
    spec.color = color;
    EXPECT_LT(cv::norm(decode(test::make_jpeg(inks, spec)).bgr, picture, cv::NORM_INF), 14);
  }
}

TEST(Decode, PngOfEveryKindKeepsItsPixels) {
  const cv::Mat bgr = asymmetric_picture(37, 29);
  EXPECT_TRUE(same(decode(test::make_png(bgr)).bgr, bgr));
  EXPECT_TRUE(decode(test::make_png(bgr)).alpha.empty());
  EXPECT_TRUE(same(decode(test::make_interlaced_png(bgr)).bgr, bgr));

  cv::Mat gray;
  cv::Mat gray_bgr;
  cv::extractChannel(bgr, gray, 0);
  cv::merge(std::vector<cv::Mat>{gray, gray, gray}, gray_bgr);
  EXPECT_TRUE(same(decode(test::make_png(gray)).bgr, gray_bgr));

  cv::Mat gray_alpha;
  cv::Mat alpha;
  cv::extractChannel(bgr, alpha, 1);
  cv::merge(std::vector<cv::Mat>{gray, alpha}, gray_alpha);
  const Picture picture = decode(test::make_gray_alpha_png(gray_alpha));
  EXPECT_TRUE(same(picture.bgr, gray_bgr));
  EXPECT_TRUE(same(picture.alpha, alpha));
}

TEST(Decode, PaletteIsLookedUpWithItsTransparency) {
  cv::Mat indices(5, 7, CV_8UC1);
  for (int i = 0; i < 35; ++i) indices.data[i] = static_cast<std::uint8_t>(i % 3);
  std::vector<cv::Vec4b> colors = {{10, 20, 30, 255}, {200, 100, 50, 255}, {1, 2, 3, 255}};
  EXPECT_TRUE(decode(test::make_palette_png(indices, colors)).alpha.empty());
  colors[1][3] = 0;
  colors[2][3] = 77;
  const Picture picture = decode(test::make_palette_png(indices, colors));
  for (int i = 0; i < 35; ++i) {
    const cv::Vec4b& color = colors[static_cast<std::size_t>(i % 3)];
    EXPECT_EQ(picture.bgr.at<cv::Vec3b>(i / 7, i % 7), cv::Vec3b(color[0], color[1], color[2]));
    EXPECT_EQ(picture.alpha.at<std::uint8_t>(i / 7, i % 7), color[3]);
  }
}

TEST(Decode, AlphaIsNotMultipliedIn) {
  const cv::Mat bgra = with_alpha(asymmetric_picture(53, 41));
  cv::Mat bgr;
  cv::Mat alpha;
  cv::cvtColor(bgra, bgr, cv::COLOR_BGRA2BGR);
  cv::extractChannel(bgra, alpha, 3);
  test::TiffSpec separate;
  separate.separate_planes = true;
  test::TiffSpec tiled;
  tiled.tiled = true;
  tiled.compressed = true;
  for (const Bytes& bytes : {test::make_png(bgra),
                             test::make_webp(bgra),
                             test::make_bmp(bgra),
                             test::make_tiff(bgra),
                             test::make_tiff(bgra, separate),
                             test::make_tiff(bgra, tiled)}) {
    const Picture picture = decode(bytes);
    EXPECT_TRUE(same(picture.bgr, bgr));
    EXPECT_TRUE(same(picture.alpha, alpha));
  }
}

TEST(Decode, SixteenBitSamplesAreRounded) {
  cv::Mat deep(256, 256, CV_16UC1);
  cv::Mat expected(256, 256, CV_8UC1);
  for (int v = 0; v < 65536; ++v) {
    deep.at<std::uint16_t>(v / 256, v % 256) = static_cast<std::uint16_t>(v);
    expected.data[v] = static_cast<std::uint8_t>(std::lround(v / 257.0));
  }
  cv::Mat deep_bgr;
  cv::merge(std::vector<cv::Mat>{deep, 65535 - deep, deep}, deep_bgr);
  for (const Bytes& bytes : {test::make_png(deep),
                             test::make_tiff(deep),
                             test::make_png(deep_bgr),
                             test::make_tiff(deep_bgr)}) {
    cv::Mat blue;
    cv::extractChannel(decode(bytes).bgr, blue, 0);
    EXPECT_TRUE(same(blue, expected));
  }
}

TEST(Decode, TiffAndBmpKeepTheirPixels) {
  const cv::Mat bgr = asymmetric_picture(101, 67);
  cv::Mat gray;
  cv::extractChannel(bgr, gray, 2);
  for (const bool tiled : {false, true}) {
    for (const bool separate : {false, true}) {
      test::TiffSpec spec;
      spec.tiled = tiled;
      spec.separate_planes = separate;
      spec.compressed = true;
      const PhotoFile file{"a.tif", test::make_tiff(bgr, spec)};
      const PhotoInfo info = read_photo_info(file);
      EXPECT_TRUE(same(decode_photo(file, info).bgr, bgr));
      const cv::Rect region(40, 20, 60, 47);
      EXPECT_TRUE(same(decode_region(file, info, region).bgr, bgr(region)));
    }
  }
  for (const Bytes& bytes : {test::make_tiff(gray), test::make_bmp(gray)}) {
    cv::Mat blue;
    cv::extractChannel(decode(bytes).bgr, blue, 0);
    EXPECT_TRUE(same(blue, gray));
  }
  EXPECT_TRUE(same(decode(test::make_bmp(bgr)).bgr, bgr));
}

TEST_P(DecodeOrientation, TurnsPaletteTiffOnce) {
  cv::Mat indices(9, 13, CV_8UC1);
  cv::Mat stored(9, 13, CV_8UC3);
  test::TiffSpec spec;
  spec.orientation = GetParam();
  for (int i = 0; i < 117; ++i) {
    indices.data[i] = static_cast<std::uint8_t>(i);
    spec.palette.emplace_back(i, 2 * i, 255 - i);
    stored.at<cv::Vec3b>(i / 13, i % 13) = spec.palette.back();
  }
  const cv::Mat expected = turned_by_definition(stored, GetParam());
  EXPECT_TRUE(same(decode(test::make_tiff(indices, spec)).bgr, expected));
}

TEST(Decode, RegionMustLieInside) {
  const PhotoFile file{"a.jpg", test::make_jpeg(asymmetric_picture(64, 48))};
  const PhotoInfo info = read_photo_info(file);
  for (const cv::Rect& region : {cv::Rect(0, 0, 0, 5),
                                 cv::Rect(-1, 0, 5, 5),
                                 cv::Rect(60, 0, 5, 5),
                                 cv::Rect(0, 45, 5, 4),
                                 cv::Rect(2000000000, 0, 2000000000, 5)}) {
    EXPECT_THROW(decode_region(file, info, region), Error);
  }
  EXPECT_EQ(decode_region(file, info, {0, 0, 64, 48}).bgr.size(), cv::Size(64, 48));
}

}  // namespace
}  // namespace finview
