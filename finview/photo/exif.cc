#include "finview/photo/exif.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

#include <libexif/exif-data.h>

namespace finview::internal {

namespace {

constexpr std::uint8_t kExifPrefix[] = {'E', 'x', 'i', 'f', 0, 0};

struct ExifDataDeleter {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};
using ExifDataPtr = std::unique_ptr<ExifData, ExifDataDeleter>;

const ExifEntry* find_entry(const ExifData& data, ExifIfd ifd, int tag) {
  return exif_content_get_entry(data.ifd[ifd], static_cast<ExifTag>(tag));
}

std::string trimmed(std::string text) {
  text.resize(std::char_traits<char>::length(text.c_str()));
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string text_of(const ExifData& data, ExifIfd ifd, int tag) {
  const ExifEntry* entry = find_entry(data, ifd, tag);
  if (!entry || entry->format != EXIF_FORMAT_ASCII || !entry->data) return {};
  return trimmed(std::string(reinterpret_cast<const char*>(entry->data), entry->size));
}

std::optional<double> rational_of(const ExifData& data, const ExifEntry* entry, std::size_t index) {
  if (!entry || entry->format != EXIF_FORMAT_RATIONAL || !entry->data) return {};
  if (entry->size < 8 * (index + 1)) return {};
  const ExifRational value = exif_get_rational(
      entry->data + 8 * index, exif_data_get_byte_order(const_cast<ExifData*>(&data)));
  if (value.denominator == 0) return {};
  return static_cast<double>(value.numerator) / value.denominator;
}

std::optional<double> angle_of(const ExifData& data, int tag, int ref_tag, double limit_deg) {
  const std::string hemisphere = text_of(data, EXIF_IFD_GPS, ref_tag);
  if (hemisphere.empty()) return {};
  const ExifEntry* entry = find_entry(data, EXIF_IFD_GPS, tag);
  double dms[3] = {};
  for (unsigned i = 0; i < 3; ++i) {
    const auto part = rational_of(data, entry, i);
    if (!part) return {};
    dms[i] = *part;
  }
  return degrees_from_dms(dms, hemisphere[0], limit_deg);
}

std::optional<GpsPosition> position_of(const ExifData& data) {
  const auto latitude = angle_of(data, EXIF_TAG_GPS_LATITUDE, EXIF_TAG_GPS_LATITUDE_REF, 90);
  const auto longitude = angle_of(data, EXIF_TAG_GPS_LONGITUDE, EXIF_TAG_GPS_LONGITUDE_REF, 180);
  if (!latitude || !longitude) return {};
  GpsPosition position{*latitude, *longitude, {}};
  const ExifEntry* altitude = find_entry(data, EXIF_IFD_GPS, EXIF_TAG_GPS_ALTITUDE);
  if (const auto height_m = rational_of(data, altitude, 0)) {
    const ExifEntry* ref = find_entry(data, EXIF_IFD_GPS, EXIF_TAG_GPS_ALTITUDE_REF);
    const bool below_sea = ref && ref->data && ref->size >= 1 && ref->data[0] == 1;
    position.altitude_m = below_sea ? -*height_m : *height_m;
  }
  return position;
}

int orientation_of(const ExifData& data) {
  const ExifEntry* entry = find_entry(data, EXIF_IFD_0, EXIF_TAG_ORIENTATION);
  if (!entry || entry->format != EXIF_FORMAT_SHORT || !entry->data || entry->size < 2) return 1;
  const int value =
      exif_get_short(entry->data, exif_data_get_byte_order(const_cast<ExifData*>(&data)));
  return value >= 1 && value <= 8 ? value : 1;
}

ExifDataPtr load(std::span<const std::uint8_t> block) {
  ExifDataPtr data(exif_data_new());
  // Following the specification would add the tags it misses, a made-up date among them.
  exif_data_unset_option(data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
  std::vector<std::uint8_t> bytes(std::begin(kExifPrefix), std::end(kExifPrefix));
  const bool prefixed =
      block.size() >= bytes.size() && std::equal(bytes.begin(), bytes.end(), block.begin());
  if (prefixed) bytes.clear();
  bytes.insert(bytes.end(), block.begin(), block.end());
  exif_data_load_data(data.get(), bytes.data(), static_cast<unsigned>(bytes.size()));
  return data;
}

}  // namespace

std::optional<CaptureTime> parse_exif_time(const std::string& text) {
  CaptureTime time;
  time.has_time = true;
  const int fields = std::sscanf(text.c_str(),
                                 "%4d:%2d:%2d %2d:%2d:%2d",
                                 &time.year,
                                 &time.month,
                                 &time.day,
                                 &time.hour,
                                 &time.minute,
                                 &time.second);
  if (fields != 6 || time.month < 1 || time.day < 1 || time.year < 1) return {};
  const std::chrono::year_month_day date(std::chrono::year(time.year),
                                         std::chrono::month(static_cast<unsigned>(time.month)),
                                         std::chrono::day(static_cast<unsigned>(time.day)));
  const bool clock_ok = time.hour >= 0 && time.hour < 24 && time.minute >= 0 && time.minute < 60 &&
                        time.second >= 0 && time.second < 60;
  if (!date.ok() || !clock_ok) return {};
  return time;
}

std::optional<double> degrees_from_dms(const double (&dms)[3], char hemisphere, double limit_deg) {
  const double degrees = dms[0] + dms[1] / 60 + dms[2] / 3600;
  if (!std::isfinite(degrees) || degrees < 0 || degrees > limit_deg) return {};
  return hemisphere == 'S' || hemisphere == 'W' ? -degrees : degrees;
}

std::string camera_name(const std::string& make, const std::string& model) {
  const std::string maker = trimmed(make);
  std::string type = trimmed(model);
  if (maker.empty() || type.starts_with(maker)) return type;
  return type.empty() ? maker : maker + " " + type;
}

ExifFacts read_exif(std::span<const std::uint8_t> block) {
  ExifFacts facts;
  if (block.size() < 8) return facts;
  const ExifDataPtr data = load(block);
  facts.orientation = orientation_of(*data);
  facts.taken = parse_exif_time(text_of(*data, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL));
  if (!facts.taken) facts.taken = parse_exif_time(text_of(*data, EXIF_IFD_0, EXIF_TAG_DATE_TIME));
  facts.position = position_of(*data);
  facts.camera = camera_name(text_of(*data, EXIF_IFD_0, EXIF_TAG_MAKE),
                             text_of(*data, EXIF_IFD_0, EXIF_TAG_MODEL));
  return facts;
}

}  // namespace finview::internal
