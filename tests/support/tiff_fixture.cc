#include "finview/base/files.h"

#include <cmath>
#include <filesystem>

#include "tests/support/fixture_bytes.h"
#include "tests/support/photo_fixtures.h"
#include "tests/support/scratch_folder.h"
#include <opencv2/imgproc.hpp>
#include <tiffio.h>

namespace finview::test {

namespace {

cv::Mat to_rgb(const cv::Mat& picture) {
  cv::Mat rgb = picture.clone();
  if (picture.channels() == 3) cv::cvtColor(picture, rgb, cv::COLOR_BGR2RGB);
  if (picture.channels() == 4) cv::cvtColor(picture, rgb, cv::COLOR_BGRA2RGBA);
  return rgb;
}

void write_tiff_pixels(TIFF* tiff, const cv::Mat& rgb, const TiffSpec& spec) {
  std::vector<cv::Mat> planes = {rgb};
  if (spec.separate_planes) cv::split(rgb, planes);
  for (std::size_t i = 0; i < planes.size(); ++i) {
    const auto plane = static_cast<std::uint16_t>(i);
    if (!spec.tiled) {
      for (int y = 0; y < rgb.rows; ++y) {
        cv::Mat row = planes[i].row(y).clone();
        check(TIFFWriteScanline(tiff, row.data, static_cast<std::uint32_t>(y), plane) == 1,
              "a TIFF");
      }
      continue;
    }
    for (int y = 0; y < rgb.rows; y += 32) {
      for (int x = 0; x < rgb.cols; x += 48) {
        cv::Mat tile = cv::Mat::zeros(32, 48, planes[i].type());
        const cv::Rect place = cv::Rect(x, y, 48, 32) & cv::Rect({0, 0}, rgb.size());
        planes[i](place).copyTo(tile(place - cv::Point(x, y)));
        check(TIFFWriteTile(tiff,
                            tile.data,
                            static_cast<std::uint32_t>(x),
                            static_cast<std::uint32_t>(y),
                            0,
                            plane) > 0,
              "a TIFF");
      }
    }
  }
}

void set_tiff_palette(TIFF* tiff, const std::vector<cv::Vec3b>& palette) {
  std::vector<std::uint16_t> maps[3];
  for (int c = 0; c < 3; ++c) {
    for (const cv::Vec3b& color : palette) {
      maps[c].push_back(static_cast<std::uint16_t>(color[2 - c] * 257));
    }
    maps[c].resize(256);
  }
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_PALETTE);
  TIFFSetField(tiff, TIFFTAG_COLORMAP, maps[0].data(), maps[1].data(), maps[2].data());
}

void set_tiff_layout(TIFF* tiff, const cv::Mat& picture, const TiffSpec& spec) {
  const int channels = picture.channels();
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, picture.cols);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, picture.rows);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, channels);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, picture.depth() == CV_8U ? 8 : 16);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, channels >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
  TIFFSetField(tiff,
               TIFFTAG_PLANARCONFIG,
               spec.separate_planes ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, spec.compressed ? COMPRESSION_LZW : COMPRESSION_NONE);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, spec.orientation);
  if (channels == 4) {
    const std::uint16_t kinds[] = {EXTRASAMPLE_UNASSALPHA};
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, kinds);
  }
  if (!spec.palette.empty()) set_tiff_palette(tiff, spec.palette);
  if (spec.tiled) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 48);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, 32);
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 7);
  }
  if (!spec.make.empty()) TIFFSetField(tiff, TIFFTAG_MAKE, spec.make.c_str());
  if (!spec.model.empty()) TIFFSetField(tiff, TIFFTAG_MODEL, spec.model.c_str());
  if (!spec.date_time.empty()) TIFFSetField(tiff, TIFFTAG_DATETIME, spec.date_time.c_str());
}

// EXIF and GPS directories can only be written after the main one, which then points to them.
void add_tiff_directories(TIFF* tiff, const TiffSpec& spec) {
  std::uint64_t exif_at = 0;
  std::uint64_t gps_at = 0;
  check(TIFFWriteDirectory(tiff) == 1, "a TIFF");
  if (!spec.date_time_original.empty()) {
    TIFFCreateEXIFDirectory(tiff);
    TIFFSetField(tiff, EXIFTAG_DATETIMEORIGINAL, spec.date_time_original.c_str());
    check(TIFFWriteCustomDirectory(tiff, &exif_at) == 1, "a TIFF");
    TIFFFreeDirectory(tiff);
  }
  if (spec.position) {
    TIFFCreateGPSDirectory(tiff);
    const std::vector<double> latitude = dms(spec.position->latitude_deg);
    const std::vector<double> longitude = dms(spec.position->longitude_deg);
    TIFFSetField(tiff, GPSTAG_LATITUDEREF, spec.position->latitude_deg < 0 ? "S" : "N");
    TIFFSetField(tiff, GPSTAG_LATITUDE, latitude.data());
    TIFFSetField(tiff, GPSTAG_LONGITUDEREF, spec.position->longitude_deg < 0 ? "W" : "E");
    TIFFSetField(tiff, GPSTAG_LONGITUDE, longitude.data());
    if (spec.position->altitude_m) {
      TIFFSetField(tiff, GPSTAG_ALTITUDEREF, *spec.position->altitude_m < 0 ? 1 : 0);
      TIFFSetField(tiff, GPSTAG_ALTITUDE, std::abs(*spec.position->altitude_m));
    }
    check(TIFFWriteCustomDirectory(tiff, &gps_at) == 1, "a TIFF");
  }
  TIFFSetDirectory(tiff, 0);
  if (exif_at) TIFFSetField(tiff, TIFFTAG_EXIFIFD, exif_at);
  if (gps_at) TIFFSetField(tiff, TIFFTAG_GPSIFD, gps_at);
}

}  // namespace

Bytes make_tiff(const cv::Mat& picture, const TiffSpec& spec) {
  const ScratchFolder folder;
  const std::filesystem::path path = folder / "made.tif";
  TIFF* tiff = TIFFOpen(path.c_str(), "w");
  check(tiff != nullptr, "a TIFF");
  set_tiff_layout(tiff, picture, spec);
  write_tiff_pixels(tiff, to_rgb(picture), spec);
  if (!spec.date_time_original.empty() || spec.position) add_tiff_directories(tiff, spec);
  TIFFClose(tiff);
  return read_file(path);
}

}  // namespace finview::test
